/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/profile.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

/* Reads a profile from a file with this text; *ret is "key secret token" or the message. */
static int try_read(const char *text, const char *profile, char ret[static 2100])
{
    char path[] = "/tmp/iamlease-profile-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
    struct arena *arena = arena_new();
    struct secret secret = {0}, token = {0};
    struct err err = {0};
    const char *key = NULL;
    int result = profile_read(arena, path, profile, &key, &secret, &token, &err);
    if (result == 0)
        snprintf(ret, 2100, "%s %s %s", key, secret_reveal(&secret), secret_reveal(&token));
    else
        snprintf(ret, 2100, "%s", err.message);
    assert_int_equal(err.code, result == 0 ? ERR_NONE : ERR_USAGE);
    secret_clear(&secret);
    secret_clear(&token);
    arena_free(arena);
    unlink(path);
    return result;
}

static const char file[] = "# mine\n"
                           "[default]\n"
                           "aws_access_key_id = AKIADEFAULT\n"
                           "aws_secret_access_key=default+secret\n"
                           "\n"
                           "[ work ]\r\n"
                           "aws_access_key_id=AKIAWORK\r\n"
                           "  aws_secret_access_key =  a/b=c==\r\n"
                           "; aws_session_token = old\n"
                           "region = eu-west-1\n"
                           "aws_session_token = Fwo//==\n"
                           "[role]\n"
                           "role_arn = arn:aws:iam::123456789012:role/x\n"
                           "source_profile = default\n"
                           "[last]\n"
                           "aws_access_key_id = AKIALAST\n"
                           "aws_secret_access_key = last";

static void test_profiles(void **state)
{
    (void)state;
    static const struct {
        const char *profile, *result; /* a part of it */
        int code;
    } cases[] = {
        {"default", "AKIADEFAULT default+secret ", 0},
        {"work", "AKIAWORK a/b=c== Fwo//==", 0},
        {"last", "AKIALAST last ", 0},
        {"role", "lacks aws_access_key_id", -1},
        {"wor", "there is no profile 'wor'", -1},
        {"", "there is no profile ''", -1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char result[2100];
        assert_int_equal(try_read(file, cases[i].profile, result), cases[i].code);
        CHECK(strstr(result, cases[i].result), "%s: %s", cases[i].profile, result);
        CHECK(cases[i].code == 0 || !strstr(result, "secret "), "%s", result);
    }
}

static void test_odd_files(void **state)
{
    (void)state;
    char result[2100];
    static const char *const texts[] = {"",
                                        "[",
                                        "[work",
                                        "]",
                                        "=",
                                        "[work]\n=\n",
                                        "[work]\naws_access_key_id\n",
                                        "aws_access_key_id = A\naws_secret_access_key = b\n[other]\n"};
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(try_read(texts[i], "work", result), -1);
}

static void test_no_file(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct secret secret = {0}, token = {0};
    struct err err = {0};
    const char *key = NULL;
    assert_int_equal(profile_read(arena, "/nowhere/credentials", "work", &key, &secret, &token, &err), -1);
    assert_non_null(strstr(err.message, "AWS_SHARED_CREDENTIALS_FILE"));
    assert_int_equal(profile_read(arena, "/dev/zero", "work", &key, &secret, &token, &err), -1);
    assert_non_null(strstr(err.message, "too large"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_profiles),
        cmocka_unit_test(test_odd_files),
        cmocka_unit_test(test_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
