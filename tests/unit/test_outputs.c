/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "github/outputs.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/iamlease-unit-XXXXXX";

static char *read_all(struct arena *arena, size_t *ret_size)
{
    FILE *file = fopen(path, "re");
    char *text = arena_alloc(arena, 3 * SUMMARY_MAX);
    assert_non_null(file);
    *ret_size = fread(text, 1, 3 * SUMMARY_MAX - 1, file);
    fclose(file);
    return text;
}

static void test_outputs(void **state)
{
    (void)state;
    struct buf out;
    struct err err = {0};
    buf_init(&out, 1000);
    const struct output outputs[] = {{"has-changes", "true"}, {"comment-url", NULL}, {"matrix", "a\nb=c\n<<x"}};
    assert_int_equal(outputs_write(&out, outputs, COUNT(outputs), "END", &err), 0);
    assert_string_equal(out.bytes, "has-changes<<END\ntrue\nEND\nmatrix<<END\na\nb=c\n<<x\nEND\n");
    buf_free(&out);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    static const char *const values[] = {"a\nEND\nb", "xENDx", "\xff"};
    for (size_t i = 0; i < COUNT(values); i++) {
        struct buf out;
        struct err err = {0};
        buf_init(&out, 1000);
        const struct output output = {"digest", values[i]};
        assert_int_equal(outputs_write(&out, &output, 1, "END", &err), -1);
        assert_non_null(strstr(err.message, "'digest'"));
        buf_free(&out);
    }
    struct arena *arena = arena_new();
    struct err err = {0};
    char *value = arena_alloc(arena, OUTPUTS_MAX + 1);
    memset(value, 'a', OUTPUTS_MAX);
    const struct output output = {"matrix", value};
    assert_int_equal(outputs_append("/nowhere/file", &output, 1, &err), -1);
    assert_non_null(strstr(err.message, "larger than"));
    arena_free(arena);
}

static void test_delimiters_differ(void **state)
{
    (void)state;
    char one[DELIMITER_SIZE], two[DELIMITER_SIZE];
    assert_string_not_equal(outputs_delimiter(one), outputs_delimiter(two));
    assert_int_equal(strlen(one), strlen("iamlease_") + 32);
}

static void test_a_file(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct err err = {0};
    size_t size;
    const struct output outputs[] = {{"a", "1"}, {"b", ""}};
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(outputs_append(path, outputs, 1, &err), 0);
    assert_int_equal(outputs_append(path, outputs + 1, 1, &err), 0);
    const char *text = read_all(arena, &size);
    assert_memory_equal(text, "a<<iamlease_", 12);
    assert_int_equal(size, 2 * (strlen("a<<\n\n\n") + 2 * (DELIMITER_SIZE - 1)) + 1);
    assert_int_equal(outputs_append("/nowhere/file", outputs, 1, &err), -1);
    assert_int_equal(err.code, ERR_IO);
    arena_free(arena);
}

/* Sections are added as long as they fit; the first that does not is cut and counted, later ones are left out. */
static void test_summaries(void **state)
{
    (void)state;
    enum { LINES = 9000, LINE = 100 };
    struct arena *arena = arena_new();
    struct err err = {0};
    size_t size;
    char *section = arena_alloc(arena, LINES * LINE + 1);
    memset(section, 'x', LINES * LINE);
    for (size_t i = 1; i <= LINES; i++)
        section[i * LINE - 1] = '\n';
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(summary_append(path, "first\n", 6, &err), 0);
    assert_int_equal(summary_append(path, section, LINES * LINE, &err), 0);
    read_all(arena, &size);
    assert_int_equal(size, 7 + LINES * LINE + 1);
    assert_int_equal(summary_append(path, section, LINES * LINE, &err), 0);
    const char *text = read_all(arena, &size);
    assert_true(size <= SUMMARY_MAX && size > SUMMARY_MAX - 300);
    const char *note = strstr(text, "\n**");
    assert_non_null(note);
    size_t kept = (size_t)(note - text - 7 - LINES * LINE - 1) / LINE;
    assert_string_equal(note,
                        arena_printf(arena,
                                     "\n**%zu more lines do not fit into a job summary; the log has all of "
                                     "it.**\n",
                                     LINES - kept));
    assert_int_equal(summary_append(path, section, LINES * LINE, &err), 0);
    read_all(arena, &size);
    assert_true(size <= SUMMARY_MAX);
    assert_int_equal(summary_append("/nowhere/file", "x", 1, &err), -1);
    arena_free(arena);
}

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outputs),           cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_delimiters_differ), cmocka_unit_test(test_a_file),
        cmocka_unit_test(test_summaries),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
