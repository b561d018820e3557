/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/answer.h"
#include "base/buf.h"
#include "unit.h"

#include <string.h>

/* Writes down what is visited: "+path" and "-path=text". */
static void note(void *context, enum element_event event, const char *path, const char *text)
{
    buf_addf(context, event == ELEMENT_BEGIN ? "+%s\n" : "-%s=", path);
    if (event == ELEMENT_END)
        buf_addf(context, "%s\n", text);
}

static const char answer[] = "<?xml version=\"1.0\"?>\n"
                             "<XResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\n"
                             " <XResult>\n"
                             "  <List>\n   <member><Name>a &lt;b&gt; &#233;</Name></member>\n"
                             "   <member><Name><![CDATA[c & d]]></Name><Empty/></member></List>\n"
                             "  <IsTruncated>false</IsTruncated>\n"
                             " </XResult>\n"
                             " <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>\n"
                             "</XResponse>\n";
static const char visited[] = "+List\n+List/member\n+List/member/Name\n-List/member/Name=a <b> \xc3\xa9\n"
                              "-List/member=\n"
                              "+List/member\n+List/member/Name\n-List/member/Name=c & d\n"
                              "+List/member/Empty\n-List/member/Empty=\n-List/member=\n-List=\n"
                              "+IsTruncated\n-IsTruncated=false\n+RequestId\n-RequestId=r-1\n";

static void test_paths_and_texts(void **state)
{
    (void)state;
    struct buf notes;
    buf_init(&notes, 10000);
    assert_true(answer_read(answer, strlen(answer), note, &notes));
    assert_string_equal(notes.bytes, visited);
    buf_free(&notes);
}

/* In pieces of every size it is the same; where it breaks off it is no whole answer. */
static void test_pieces(void **state)
{
    (void)state;
    for (size_t piece = 1; piece < 40; piece++) {
        struct buf notes;
        buf_init(&notes, 10000);
        struct answer_reader *reader = answer_reader_new(note, &notes);
        for (size_t at = 0; at < strlen(answer); at += piece)
            assert_true(
                answer_feed(reader, answer + at, strlen(answer) - at < piece ? strlen(answer) - at : piece));
        assert_true(answer_finish(reader));
        assert_string_equal(notes.bytes, visited);
        answer_reader_free(reader);
        buf_free(&notes);
    }
    for (size_t size = 0; size + 2 < sizeof answer; size++) {
        struct buf notes;
        buf_init(&notes, 10000);
        assert_false(answer_read(answer, size, note, &notes));
        assert_memory_equal(notes.bytes, visited, notes.size);
        buf_free(&notes);
    }
}

static void test_hostile_answers(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "not XML",
        "<html><body>500<br></body></html>",
        "{\"json\":true}",
        "<a><b></a></b>",
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a><b><c>&x;</c></b></a>",
        "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><a><b><c>&b;</c></b></a>",
        "<a><b><c>&undefined;</c></b></a>",
        "<a><b><c>\x01</c></b></a>",
        "<a><b><c>\xff</c></b></a>",
        "<a/><a/>",
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf notes;
        buf_init(&notes, 10000);
        CHECK(!answer_read(cases[i], strlen(cases[i]), note, &notes), "%s", cases[i]);
        assert_null(strstr(notes.bytes, "root:"));
        buf_free(&notes);
    }
}

static bool read_text_of(const char *before, size_t count, const char *unit, const char *after)
{
    struct buf notes, xml;
    buf_init(&notes, 4 * 1024 * 1024);
    buf_init(&xml, 16 * 1024 * 1024);
    buf_add_text(&xml, before);
    for (size_t i = 0; i < count; i++)
        buf_add_text(&xml, unit);
    buf_add_text(&xml, after);
    bool ok = answer_read(xml.bytes, xml.size, note, &notes);
    assert_false(notes.failed);
    buf_free(&notes);
    buf_free(&xml);
    return ok;
}

static void test_limits(void **state)
{
    (void)state;
    static const char kilobyte[] = "<a><b><c>", end[] = "</c></b></a>";
    char text[1025];
    memset(text, 'x', 1024);
    text[1024] = 0;
    assert_true(read_text_of(kilobyte, 1024, text, end));
    assert_false(read_text_of(kilobyte, 1025, text, end));
    assert_false(read_text_of("<a>", 33, "<b>", ""));
    assert_false(read_text_of("<a>", 1000000, "<b>", ""));
    static const char long_name[] = "<a-name-that-is-as-long-as-forty-characters>";
    assert_false(read_text_of("<a><b>", 29, long_name, "")); /* a path over 1,024 bytes, not yet too deep */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths_and_texts),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_hostile_answers),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
