/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/repo.h"
#include "unit.h"

#include <dlfcn.h>
#include <string.h>

static const char name[] = "mbedtls_x509_crt_parse_file";

typedef int parse_certificates(void *chain, const char *path);

/* With mbed TLS behind libgit2, ours is the one that libraries find: the program stands in front of all of them. */
static void test_takes_the_place(void **state)
{
    (void)state;
    struct repo *repo = NULL;
    struct err err;
    Dl_info found, program;
    assert_int_equal(repo_open(&repo, "/nowhere", &err), -1);
    void *first = dlsym(RTLD_DEFAULT, name), *next = dlsym(RTLD_NEXT, name);
    if (!next) {
        assert_null(first); /* nobody asks for it */
        return;
    }
    assert_ptr_not_equal(first, next);
    assert_true(dladdr(first, &found) && dladdr(name, &program));
    assert_ptr_equal(found.dli_fbase, program.dli_fbase);
}

/* Whoever calls it for a purpose of his own gets what mbed TLS answers. */
static void test_passes_on(void **state)
{
    (void)state;
    char chain[4096] = {0};
    parse_certificates *ours = NULL, *theirs = NULL;
    void *first = dlsym(RTLD_DEFAULT, name), *next = dlsym(RTLD_NEXT, name);
    if (!next)
        return;
    memcpy(&ours, &first, sizeof ours);
    memcpy(&theirs, &next, sizeof theirs);
    int expected = theirs(chain, "/nowhere");
    assert_true(expected < 0);
    assert_int_not_equal(expected, -0x2900);
    assert_int_equal(ours(chain, "/nowhere"), expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_takes_the_place),
        cmocka_unit_test(test_passes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
