/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static void test_writes(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 1000);
    assert_string_equal(buf.bytes, "");
    buf_add_text(&buf, "one");
    buf_add_char(&buf, ' ');
    buf_addf(&buf, "%s %d", "two", 3);
    buf_add(&buf, "\0x", 2);
    buf_add(&buf, "ignored", 0);
    buf_add_text(&buf, "");
    assert_int_equal(buf.size, 11);
    assert_memory_equal(buf.bytes, "one two 3\0x", 12);
    assert_true(buf_finish(&buf));
    buf_clear(&buf);
    assert_int_equal(buf.size, 0);
    assert_string_equal(buf.bytes, "");
    buf_add_text(&buf, "again");
    assert_string_equal(buf.bytes, "again");
    buf_free(&buf);
    assert_null(buf.bytes);
}

static void test_grows_to_its_maximum_and_no_further(void **state)
{
    (void)state;
    static const size_t maxima[] = {0, 1, 255, 256, 257, 5000};
    for (size_t i = 0; i < COUNT(maxima); i++) {
        struct buf buf;
        buf_init(&buf, maxima[i]);
        for (size_t j = 0; j < maxima[i]; j++) {
            if (j % 2)
                buf_add_char(&buf, 'x');
            else
                buf_addf(&buf, "%c", 'x');
        }
        assert_int_equal(buf.size, maxima[i]);
        assert_int_equal(strlen(buf.bytes), maxima[i]);
        assert_true(buf_finish(&buf));
        buf_add_char(&buf, 'y');
        assert_false(buf_finish(&buf));
        assert_int_equal(buf.size, maxima[i]);
        assert_int_equal(buf.bytes[buf.size], 0);
        buf_free(&buf);
    }
}

/* A failure stays: what comes behind it would stand at the wrong place. */
static void test_failure_is_sticky(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 5);
    buf_add_text(&buf, "123");
    buf_addf(&buf, "%s", "456");
    assert_true(buf.failed);
    buf_add_text(&buf, "4");
    buf_addf(&buf, "%d", 5);
    buf_clear(&buf);
    buf_add_text(&buf, "x");
    assert_int_equal(buf.size, 0);
    assert_false(buf_finish(&buf));
    buf_free(&buf);
    buf_add_text(&buf, "after the end");
    assert_false(buf_finish(&buf));
}

struct sink {
    char *bytes;
    size_t size, calls, largest;
    size_t calls_allowed;
};

static bool take(void *context, const char *bytes, size_t size)
{
    struct sink *sink = context;
    assert_true(size > 0);
    if (sink->calls == sink->calls_allowed)
        return false;
    sink->calls++;
    sink->bytes = realloc(sink->bytes, sink->size + size);
    assert_non_null(sink->bytes);
    memcpy(sink->bytes + sink->size, bytes, size);
    sink->size += size;
    sink->largest = size > sink->largest ? size : sink->largest;
    return true;
}

static void test_stream(void **state)
{
    (void)state;
    struct sink sink = {.calls_allowed = SIZE_MAX};
    struct buf buf;
    buf_init_stream(&buf, take, &sink);
    for (int i = 0; i < 50000; i++) {
        if (i % 2)
            buf_addf(&buf, "%08d", i);
        else
            buf_add(&buf, "........", 8);
    }
    assert_true(sink.calls > 3);
    assert_true(buf.capacity <= 256 * 1024);
    assert_true(buf_finish(&buf));
    assert_true(buf_finish(&buf)); /* nothing left: nothing is handed on twice */
    assert_int_equal(sink.size, 400000);
    assert_true(sink.largest <= 64 * 1024 + 8);
    assert_memory_equal(sink.bytes, "........00000001........00000003", 32);
    assert_memory_equal(sink.bytes + sink.size - 16, "........00049999", 16);
    buf_free(&buf);
    free(sink.bytes);
}

static void test_stream_fails(void **state)
{
    (void)state;
    struct sink sink = {.calls_allowed = 1};
    struct buf buf;
    buf_init_stream(&buf, take, &sink);
    for (int i = 0; i < 50000; i++)
        buf_add_text(&buf, "........");
    assert_false(buf_finish(&buf));
    assert_int_equal(sink.calls, 1);
    buf_free(&buf);
    free(sink.bytes);

    struct sink closed = {0};
    buf_init_stream(&buf, take, &closed);
    assert_true(buf_finish(&buf)); /* nothing to write: nothing can fail */
    buf_add_char(&buf, 'x');
    assert_false(buf_finish(&buf));
    buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writes),
        cmocka_unit_test(test_grows_to_its_maximum_and_no_further),
        cmocka_unit_test(test_failure_is_sticky),
        cmocka_unit_test(test_stream),
        cmocka_unit_test(test_stream_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
