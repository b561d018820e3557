/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/journal.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of its own for each test. */
struct folder {
    struct arena *arena;
    const char *dir, *path; /* of the journal */
};

static struct folder folder_new(void)
{
    struct arena *arena = arena_new();
    char *dir = arena_strdup(arena, "/tmp/iamlease-unit-XXXXXX");
    assert_non_null(mkdtemp(dir));
    return (struct folder){arena, dir, arena_printf(arena, "%s/journal", dir)};
}

static void folder_free(struct folder *folder)
{
    unlink(folder->path);
    assert_return_code(rmdir(folder->dir), errno);
    arena_free(folder->arena);
}

/* The lines of the journal as JSON, each read by itself. */
static struct json **read_lines(const struct folder *folder, size_t *ret_count)
{
    enum { SIZE = 1024 * 1024, LINES = 16 };
    char *text = arena_alloc(folder->arena, SIZE);
    struct json **lines = arena_array(folder->arena, LINES, sizeof *lines);
    int fd = open(folder->path, O_RDONLY | O_CLOEXEC);
    assert_return_code(fd, errno);
    assert_return_code(read(fd, text, SIZE - 1), errno);
    close(fd);
    for (*ret_count = 0; *text; (*ret_count)++) {
        struct err err = {0};
        size_t size = strcspn(text, "\n");
        assert_int_equal(text[size], '\n');
        CHECK(json_parse(folder->arena, text, size, &lines[*ret_count], &err) == 0, "%s: %.*s", err.message,
              (int)size, text);
        text += size + 1;
    }
    return lines;
}

static const struct operation put = {
    .kind = OP_PUT_INLINE_POLICY,
    .account_id = "123456789012",
    .principal_kind = PRINCIPAL_USER,
    .principal = "bert",
    .policy_name = "temp-payments-fix-bert",
    .document = "{\"Version\":\"2012-10-17\"}",
    .ends_at_s = 1795651200,
    .reason = "granted: payments, \"fix\"\n",
    .lease_id = "0123456789abcdef",
};

static const struct operation delete = {
    .kind = OP_DELETE_POLICY,
    .account_id = "123456789012",
    .policy_arn = "arn:aws:iam::123456789012:policy/p",
    .reason = "nobody uses it any more",
};

static void check_text(const struct json *line, const char *key, const char *expected)
{
    const char *text = json_get_string(line, key);
    CHECK(expected ? text && str_eq(text, expected) : !text, "%s: %s", key, text ? text : "null");
}

static void test_lines(void **state)
{
    (void)state;
    struct folder folder = folder_new();
    struct journal *journal;
    struct err err = {0};
    char hex[SHA256_HEX_SIZE];
    size_t count;
    assert_int_equal(journal_open(&journal, folder.path, "1234abcd", &err), 0);
    struct execution_listener listener = journal_listener(journal);
    listener.starting(listener.context, 7, &put);
    read_lines(&folder, &count);
    assert_int_equal(count, 1); /* on disk before the call is made */
    const struct result failed = {.status = RESULT_FAILED,
                                  .attempts = 4,
                                  .error_code = "AccessDenied",
                                  .message = "no\nway \x01\xff",
                                  .request_id = "r-1"};
    listener.finished(listener.context, 7, &put, &failed);
    const struct result done = {.status = RESULT_DONE, .attempts = 1};
    listener.starting(listener.context, 8, &delete);
    listener.finished(listener.context, 8, &delete, &done);
    assert_int_equal(journal_close(journal, &err), 0);

    struct json **lines = read_lines(&folder, &count);
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++) {
        int64_t at_s;
        check_text(lines[i], "format", "iamlease/journal");
        check_text(lines[i], "event", i % 2 ? "result" : "intent");
        check_text(lines[i], "run", "1234abcd");
        check_text(lines[i], "account_id", "123456789012");
        CHECK(json_get(lines[i], "version")->number == 1, "%zu", i);
        CHECK(json_get(lines[i], "operation")->number == (i < 2 ? 7 : 8), "%zu", i);
        CHECK(time_parse_rfc3339(json_get_string(lines[i], "at"), &at_s), "%zu", i);
    }
    check_text(lines[0], "title", "put inline policy");
    check_text(lines[0], "principal_kind", "user");
    check_text(lines[0], "principal", "bert");
    check_text(lines[0], "policy_name", "temp-payments-fix-bert");
    check_text(lines[0], "ends_at", "2026-11-26T00:00:00Z");
    check_text(lines[0], "reason", "granted: payments, \"fix\"\n");
    check_text(lines[0], "lease_id", "0123456789abcdef");
    check_text(lines[0], "document_sha256", sha256_hex(put.document, strlen(put.document), hex));
    check_text(lines[1], "status", "failed");
    check_text(lines[1], "error_code", "AccessDenied");
    check_text(lines[1], "request_id", "r-1");
    check_text(lines[1], "message", "no\nway \x01\xef\xbf\xbd");
    assert_true(json_get(lines[1], "attempts")->number == 4);
    check_text(lines[2], "policy_arn", "arn:aws:iam::123456789012:policy/p");
    check_text(lines[2], "principal", NULL);
    check_text(lines[2], "ends_at", NULL);
    check_text(lines[3], "status", "done");
    check_text(lines[3], "message", NULL);
    folder_free(&folder);
}

/* A second run adds to the first; nobody but the owner may read. */
static void test_append(void **state)
{
    (void)state;
    struct folder folder = folder_new();
    struct err err = {0};
    struct stat info;
    size_t count;
    for (size_t i = 1; i <= 2; i++) {
        struct journal *journal;
        assert_int_equal(journal_open(&journal, folder.path, "run", &err), 0);
        struct execution_listener listener = journal_listener(journal);
        listener.starting(listener.context, 0, &delete);
        assert_int_equal(journal_close(journal, &err), 0);
        read_lines(&folder, &count);
        assert_int_equal(count, i);
    }
    assert_return_code(stat(folder.path, &info), errno);
    assert_int_equal(info.st_mode & 0777, 0600);
    folder_free(&folder);
}

static void test_cannot_open(void **state)
{
    (void)state;
    struct folder folder = folder_new();
    const char *const paths[] = {
        folder.dir,
        arena_printf(folder.arena, "%s/nowhere/journal", folder.dir),
        arena_printf(folder.arena, "%s/link", folder.dir),
    };
    assert_return_code(symlink(folder.path, paths[2]), errno);
    for (size_t i = 0; i < COUNT(paths); i++) {
        struct journal *journal = NULL;
        struct err err = {0};
        CHECK(journal_open(&journal, paths[i], "run", &err) == -1, "%s", paths[i]);
        CHECK(err.code == ERR_IO && strstr(err.message, paths[i]), "%s", err.message);
        CHECK(!journal, "%s", paths[i]);
    }
    unlink(paths[2]);
    folder_free(&folder);
}

/* Lines that are lost stop nothing, and are told at the end. */
static void test_full_disk(void **state)
{
    (void)state;
    struct journal *journal;
    struct err err = {0};
    const struct result done = {.status = RESULT_DONE};
    assert_int_equal(journal_open(&journal, "/dev/full", "run", &err), 0);
    struct execution_listener listener = journal_listener(journal);
    listener.starting(listener.context, 0, &put);
    listener.finished(listener.context, 0, &put, &done);
    assert_int_equal(journal_close(journal, &err), -1);
    assert_int_equal(err.code, ERR_IO);
    assert_non_null(strstr(err.message, "'/dev/full' is not complete"));
    assert_non_null(strstr(err.message, strerror(ENOSPC)));
    assert_int_equal(journal_close(NULL, &err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_append),
        cmocka_unit_test(test_cannot_open),
        cmocka_unit_test(test_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
