/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "base/time.h"
#include "policy/document.h"
#include "policy/lease.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define PREFIX "iamlease0123456789"

/* One statement with a condition, as JSON. */
#define DOCUMENT(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"
#define STATEMENT(effect, condition) \
    "{\"Effect\":\"" effect "\",\"Action\":\"s3:*\",\"Resource\":\"*\"" condition "}"
#define IF(condition)       ",\"Condition\":" condition
#define LESS_THAN(values)   "{\"DateLessThan\":{\"aws:CurrentTime\":" values "}}"
#define ALLOW_UNTIL(values) STATEMENT("Allow", IF(LESS_THAN(values)))
#define PLAIN_ALLOW         STATEMENT("Allow", "")
#define WRITTEN(effect, number, condition)                                                                 \
    "{\"Sid\":\"" PREFIX number "\",\"Effect\":\"" effect "\",\"Action\":[\"s3:*\"],\"Resource\":[\"*\"]," \
    "\"Condition\":" condition "}"

static struct document parsed(struct arena *arena, const char *json)
{
    struct document document;
    struct err err = {0};
    CHECK(document_parse(arena, json, strlen(json), &document, &err) == 0, "%s: %s", json, err.message);
    return document;
}

static int64_t at(const char *text)
{
    int64_t time_s = 0;
    CHECK(time_parse_rfc3339(text, &time_s), "%s", text);
    return time_s;
}

static bool lease_until(struct arena *arena, const struct document *source, int64_t ends_at_s,
                        const char *prefix, struct document *ret)
{
    return lease_document(arena, source, &(struct lease_terms){.ends_at_s = ends_at_s}, prefix, ret);
}

/* A statement that allows until `values` say so, made into a lease until `until`, ends at `end`. */
static const struct {
    const char *values, *until, *end;
} ends[] = {
    {"\"2026-12-01T00:00:00Z\"", "2026-11-30T14:00:00Z", "2026-11-30T14:00:00Z"},
    {"\"2026-11-29T00:00:00Z\"", "2026-11-30T14:00:00Z", "2026-11-29T00:00:00Z"},
    {"\"2026-11-30T14:00:00Z\"", "2026-11-30T14:00:00Z", "2026-11-30T14:00:00Z"},
    {"\"2026-11-30T14:00:00+02:00\"", "2026-11-30T14:00:00Z", "2026-11-30T12:00:00Z"},
    {"\"2026-11-30T14:00:00-02:00\"", "2026-11-30T14:00:00Z", "2026-11-30T14:00:00Z"},
    {"\"2026-11-30T13:59:59.999Z\"", "2026-11-30T14:00:00Z", "2026-11-30T13:59:59Z"},
    {"\"2026-11-30\"", "2026-11-30T14:00:00Z",
     "2026-11-30T00:00:00Z"}, /* a condition's date is its first second */
    {"\"2026-12-01\"", "2026-11-30T14:00:00Z", "2026-11-30T14:00:00Z"},
    {"\"1795910400\"", "2026-11-30T14:00:00Z", "2026-11-29T00:00:00Z"},
    {"1795910400", "2026-11-30T14:00:00Z", "2026-11-29T00:00:00Z"},
    {"\"253402300800\"", "2026-11-30T14:00:00Z", "2026-11-30T14:00:00Z"},
    {"\"1970-01-02\"", "2026-11-30T14:00:00Z", "1970-01-02T00:00:00Z"},
    /* of a list, the latest */
    {"[\"2026-11-28\",\"2026-11-29T00:00:00Z\",\"2026-11-27\"]", "2026-11-30T14:00:00Z",
     "2026-11-29T00:00:00Z"},
    {"[\"2026-11-28\",\"2027-01-01\"]", "2026-11-30T14:00:00Z", "2026-11-30T14:00:00Z"},
    {"[\"2026-11-28\",1795910400]", "2026-11-30T14:00:00Z", "2026-11-29T00:00:00Z"},
};

static void test_never_later_than_both(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ends); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const char *source = arena_printf(arena, DOCUMENT(ALLOW_UNTIL("%s")), ends[i].values);
        const char *expected =
            arena_printf(arena, DOCUMENT(WRITTEN("Allow", "1", LESS_THAN("\"%s\""))), ends[i].end);
        struct document document = parsed(arena, source), lease;
        CHECK(lease_until(arena, &document, at(ends[i].until), PREFIX, &lease), "%s", source);
        CHECK(str_eq(document_to_json(arena, &lease), expected), "%s: %s", source,
              document_to_json(arena, &lease));
        int64_t end_s = -1;
        CHECK(lease_ends_at(&lease, &end_s), "%s", source);
        CHECK(end_s == at(ends[i].end), "%s", source);
    }
}

/* Values that nobody can be sure of: no lease is made, and a document that has one does not end. */
static void test_what_cannot_be_read(void **state)
{
    (void)state;
    static const char *const unreadable[] = {
        "\"\"",
        "\"tomorrow\"",
        "\"2026-11-31\"",
        "\"2026-02-29T00:00:00Z\"",
        "\"2026-11-30T24:00:00Z\"",
        "\"2026-11-30T14:00:00\"",
        "\"2026-11-30T14:00Z\"",
        "\"20261130T140000Z\"",
        "\"2026-11\"",
        "\"2026\"",
        "2026",
        "\"20261130\"",
        "20261130",
        "\"1795910400000\"",
        "\"-1795910400\"",
        "\"+1795910400\"",
        "\"1795910400.5\"",
        "\"1795910400 \"",
        "\" 2026-11-30\"",
        "\"2026-11-30 \"",
        "\"1970-01-01T00:00:00+01:00\"", /* in 1969 */
        "\"${aws:CurrentTime}\"",
        "\"*\"",
        "\"2026-11-*\"",
        "true",
        "[]",
        "[\"2026-11-30\",\"tomorrow\"]",
        "[\"tomorrow\",\"2026-11-30\"]",
    };
    for (size_t i = 0; i < COUNT(unreadable); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const char *source = arena_printf(arena, DOCUMENT(PLAIN_ALLOW "," ALLOW_UNTIL("%s")), unreadable[i]);
        struct document document = parsed(arena, source), lease = {.count = 77};
        CHECK(!lease_until(arena, &document, at("2026-11-30T14:00:00Z"), PREFIX, &lease), "%s", source);
        CHECK(lease.count == 77, "%s", source); /* untouched */

        int64_t end_s = 77;
        document = parsed(arena, arena_printf(arena, DOCUMENT(ALLOW_UNTIL("%s")), unreadable[i]));
        CHECK(!lease_ends_at(&document, &end_s), "%s", source);
        CHECK(end_s == 77, "%s", source);
    }
}

/* What a lease until 2026-11-30T14:00:00Z is, condition by condition. */
#define END      "\"aws:CurrentTime\":\"2026-11-30T14:00:00Z\""
#define EARLY    "\"aws:CurrentTime\":\"2026-11-29T00:00:00Z\""
#define ONLY_END "{\"DateLessThan\":{" END "}}"

static const struct {
    const char *what, *source, *expected;
} conditions[] = {
    {"none", "{}", ONLY_END},
    {"another key", "{\"DateLessThan\":{\"aws:TokenIssueTime\":\"2026-01-01\"}}",
     "{\"DateLessThan\":{\"aws:TokenIssueTime\":\"2026-01-01\"," END "}}"},
    {"another key that cannot be read as a date", "{\"DateLessThan\":{\"aws:EpochTime\":\"soon\"}}",
     "{\"DateLessThan\":{\"aws:EpochTime\":\"soon\"," END "}}"},
    {"another operator", "{\"StringEquals\":{\"aws:CurrentTime\":\"x\"}}",
     "{\"StringEquals\":{\"aws:CurrentTime\":\"x\"},\"DateLessThan\":{" END "}}"},
    {"case of the key", "{\"DateLessThan\":{\"AWS:currentTIME\":\"2026-11-29\"}}",
     "{\"DateLessThan\":{" EARLY "}}"},
    {"case of the operator", "{\"dateLESSthan\":{\"aws:CurrentTime\":\"2026-11-29\"}}",
     "{\"DateLessThan\":{" EARLY "}}"},
    {"several: the earliest",
     "{\"DateLessThan\":{\"aws:CurrentTime\":\"2027-01-01\",\"aws:currenttime\":[\"2026-11-29\",\"2026-11-28\"]},"
     "\"datelessthan\":{\"aws:CurrentTime\":\"2026-12-24\"}}",
     "{\"DateLessThan\":{" EARLY "}}"},
    {"several: ours",
     "{\"DateLessThan\":{\"aws:CurrentTime\":\"2027-01-01\"},\"datelessthan\":{\"aws:CurrentTime\":"
     "\"2026-12-24\"}}",
     ONLY_END},
    {"DateLessThanEquals stays, earlier", "{\"DateLessThanEquals\":{\"aws:CurrentTime\":\"2026-11-29\"}}",
     "{\"DateLessThanEquals\":{\"aws:CurrentTime\":\"2026-11-29\"},\"DateLessThan\":{" END "}}"},
    {"DateLessThanEquals stays, later and unreadable",
     "{\"DateLessThanEquals\":{\"aws:CurrentTime\":[\"2027-11-29\",\"x\"]}}",
     "{\"DateLessThanEquals\":{\"aws:CurrentTime\":[\"2027-11-29\",\"x\"]},\"DateLessThan\":{" END "}}"},
    {"IfExists is no end", "{\"DateLessThanIfExists\":{\"aws:CurrentTime\":\"2026-11-29\"}}",
     "{\"DateLessThanIfExists\":{\"aws:CurrentTime\":\"2026-11-29\"},\"DateLessThan\":{" END "}}"},
    {"the start stays", "{\"DateGreaterThanEquals\":{\"aws:CurrentTime\":\"2026-11-29\"}}",
     "{\"DateGreaterThanEquals\":{\"aws:CurrentTime\":\"2026-11-29\"},\"DateLessThan\":{" END "}}"},
    {"others stay", "{\"Bool\":{\"aws:MultiFactorAuthPresent\":true},\"StringLike\":{\"a\":[\"x\",\"y\"]}}",
     "{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"},\"StringLike\":{\"a\":[\"x\",\"y\"]},"
     "\"DateLessThan\":{" END "}}"},
};

static void test_conditions(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(conditions); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const char *expected = arena_printf(arena, DOCUMENT(WRITTEN("%s", "1", "%s")),
                                            i % 2 ? "Deny" : "Allow", conditions[i].expected);
        const char *source = arena_printf(arena, DOCUMENT(STATEMENT("%s", IF("%s"))),
                                          i % 2 ? "Deny" : "Allow", conditions[i].source);
        struct document document = parsed(arena, source), before = parsed(arena, source), lease;
        CHECK(lease_until(arena, &document, at("2026-11-30T14:00:00Z"), PREFIX, &lease), "%s",
              conditions[i].what);
        CHECK(str_eq(document_to_json(arena, &lease), expected), "%s: %s", conditions[i].what,
              document_to_json(arena, &lease));
        CHECK(document_equal(arena, &document, &before), "%s: the source changed", conditions[i].what);
        for (size_t j = 0; j < lease.items[0].conditions.count; j++)
            CHECK(!lease.items[0].conditions.items[j].values.capacity ||
                      lease.items[0].conditions.items[j].values.count,
                  "%s", conditions[i].what);
    }
}

static void test_every_statement_ends_and_has_its_sid(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct document document =
        parsed(arena, DOCUMENT(PLAIN_ALLOW "," STATEMENT(
                          "Deny", ",\"Sid\":\"" PREFIX
                                  "1\"") "," PLAIN_ALLOW
                                         ",{\"Sid\":\"same\",\"Effect\":\"Deny\",\"NotAction\":\"a:b\","
                                         "\"NotResource\":\"r\"}"));
    struct document lease;
    assert_true(lease_until(arena, &document, at("2026-11-30T14:00:00Z"), PREFIX, &lease));
    assert_string_equal(
        document_to_json(arena, &lease),
        DOCUMENT(WRITTEN("Allow", "1", ONLY_END) "," WRITTEN("Deny", "2", ONLY_END) "," WRITTEN(
            "Allow", "3", ONLY_END) ",{\"Sid\":\"" PREFIX "4\",\"Effect\":\"Deny\",\"NotAction\":[\"a:b\"],"
                                    "\"NotResource\":[\"r\"],\"Condition\":" ONLY_END "}"));
}

static void test_sids_of_many_statements_differ(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct document one = parsed(arena, DOCUMENT(PLAIN_ALLOW)), many = {0}, lease;
    for (int i = 0; i < 120; i++)
        *VEC_ADD(arena, &many) = one.items[0];
    assert_true(lease_until(arena, &many, at("2026-11-30T14:00:00Z"), PREFIX, &lease));
    struct strings sids = {0};
    for (size_t i = 0; i < lease.count; i++) {
        assert_true(str_only(lease.items[i].sid, ""));
        strings_add_unique(arena, &sids, lease.items[i].sid);
    }
    assert_int_equal(sids.count, 120);
}

/* Whoever adds to a lease's lists does not write into the document that it was made from, nor the other way. */
static void test_a_lease_is_a_copy(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *source = DOCUMENT(STATEMENT("Allow", IF("{\"StringLike\":{\"a\":[\"x\",\"y\"]}}")));
    struct document document = parsed(arena, source), first, second;
    int64_t end_s = at("2026-11-30T14:00:00Z");
    assert_true(lease_until(arena, &document, end_s, PREFIX, &first));
    assert_true(lease_until(arena, &document, end_s, PREFIX, &second));
    strings_add(arena, &first.items[0].actions, "first");
    strings_add(arena, &first.items[0].conditions.items[0].values, "first");
    strings_add(arena, &second.items[0].actions, "second");
    strings_add(arena, &second.items[0].conditions.items[0].values, "second");
    assert_string_equal(first.items[0].actions.items[1], "first");
    assert_string_equal(first.items[0].conditions.items[0].values.items[2], "first");
    struct document untouched = parsed(arena, source);
    assert_true(document_equal(arena, &document, &untouched));
}

static void test_a_lease_without_statements(void **state)
{
    (void)state;
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct document empty = {0}, lease = {.count = 77};
    assert_true(lease_until(arena, &empty, 1, PREFIX, &lease));
    assert_int_equal(lease.count, 0);
}

static const struct {
    const char *what, *json;
    const char *end; /* NULL: does not end; "": has ended always */
} documents[] = {
    {"nothing", DOCUMENT(""), ""},
    {"Deny only, without an end", DOCUMENT(STATEMENT("Deny", "")), NULL},
    {"Deny only: the latest of all",
     DOCUMENT(STATEMENT("Deny", IF(LESS_THAN("\"2026-11-29\""))) "," STATEMENT(
         "Deny", IF(LESS_THAN("\"2026-12-02\""))) "," STATEMENT("Deny", IF(LESS_THAN("\"2026-11-30\"")))),
     "2026-12-02T00:00:00Z"},
    {"Deny only, one without an end",
     DOCUMENT(STATEMENT("Deny", IF(LESS_THAN("\"2026-11-29\""))) "," STATEMENT("Deny", "")), NULL},
    {"Deny only, one that cannot be read",
     DOCUMENT(
         STATEMENT("Deny", IF(LESS_THAN("\"2026-11-29\""))) "," STATEMENT("Deny", IF(LESS_THAN("\"soon\"")))),
     NULL},
    {"an Allow without an end", DOCUMENT(PLAIN_ALLOW), NULL},
    {"an end", DOCUMENT(ALLOW_UNTIL("\"2026-11-30T14:00:00Z\"")), "2026-11-30T14:00:00Z"},
    {"the latest value of a list", DOCUMENT(ALLOW_UNTIL("[\"2026-11-29\",\"2026-12-02\",\"2026-11-30\"]")),
     "2026-12-02T00:00:00Z"},
    {"the latest statement",
     DOCUMENT(
         ALLOW_UNTIL("\"2026-11-29\"") "," ALLOW_UNTIL("\"2026-12-02\"") "," ALLOW_UNTIL("\"2026-11-30\"")),
     "2026-12-02T00:00:00Z"},
    {"one statement without", DOCUMENT(ALLOW_UNTIL("\"2026-11-29\"") "," PLAIN_ALLOW), NULL},
    {"one that cannot be read", DOCUMENT(ALLOW_UNTIL("\"2026-11-29\"") "," ALLOW_UNTIL("\"soon\"")), NULL},
    {"a Deny that ends later or never",
     DOCUMENT(ALLOW_UNTIL("\"2026-11-29\"") "," STATEMENT("Deny", "") "," STATEMENT(
         "Deny", IF(LESS_THAN("\"2027-01-01\""))) "," STATEMENT("Deny", IF(LESS_THAN("\"soon\"")))),
     "2026-11-29T00:00:00Z"},
    {"several in one statement: the earliest",
     DOCUMENT(STATEMENT("Allow", IF("{\"DateLessThan\":{\"aws:CurrentTime\":\"2026-11-30\"},"
                                    "\"DATELESSTHAN\":{\"aws:CurrentTime\":\"2026-11-29\"}}"))),
     "2026-11-29T00:00:00Z"},
    {"several, one unreadable",
     DOCUMENT(STATEMENT("Allow", IF("{\"DateLessThan\":{\"aws:CurrentTime\":\"2026-11-30\"},"
                                    "\"DATELESSTHAN\":{\"aws:CurrentTime\":\"soon\"}}"))),
     NULL},
    {"IfExists",
     DOCUMENT(STATEMENT("Allow", IF("{\"DateLessThanIfExists\":{\"aws:CurrentTime\":\"2026-11-30\"}}"))), NULL},
    {"DateLessThanEquals",
     DOCUMENT(STATEMENT("Allow", IF("{\"DateLessThanEquals\":{\"aws:CurrentTime\":\"2026-11-30\"}}"))), NULL},
    {"DateGreaterThan",
     DOCUMENT(STATEMENT("Allow", IF("{\"DateGreaterThan\":{\"aws:CurrentTime\":\"2026-11-30\"}}"))), NULL},
    {"another key",
     DOCUMENT(STATEMENT("Allow", IF("{\"DateLessThan\":{\"aws:TokenIssueTime\":\"2026-11-30\"}}"))), NULL},
};

static void test_ends_at(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(documents); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct document document = parsed(arena, documents[i].json);
        const char *end = documents[i].end;
        int64_t end_s = 77, expected_s = !end ? 77 : *end ? at(end) : 0;
        CHECK(lease_ends_at(&document, &end_s) == (end != NULL), "%s", documents[i].what);
        CHECK(end_s == expected_s, "%s", documents[i].what);
    }
}

/* For every document above and every end: a lease ends by then, is a lease again, and never grows longer. */
static void test_requires_mfa(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        bool requires;
    } cases[] = {
        {DOCUMENT(STATEMENT("Allow", IF("{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}"))), true},
        {DOCUMENT(STATEMENT("Allow", IF("{\"bool\":{\"AWS:multifactorauthpresent\":[\"True\"]}}"))), true},
        {DOCUMENT(STATEMENT(
             "Allow", IF("{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}")) "," STATEMENT("Deny", "")),
         true},
        {DOCUMENT(
             STATEMENT("Allow", IF("{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}")) "," PLAIN_ALLOW),
         false},
        {DOCUMENT(STATEMENT("Allow", IF("{\"Bool\":{\"aws:MultiFactorAuthPresent\":[\"true\",\"false\"]}}"))),
         false},
        {DOCUMENT(STATEMENT("Allow", IF("{\"BoolIfExists\":{\"aws:MultiFactorAuthPresent\":\"true\"}}"))),
         false},
        {DOCUMENT(STATEMENT("Deny", IF("{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}"))), false},
        {DOCUMENT(PLAIN_ALLOW), false},
    };
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct document document = parsed(arena, cases[i].json);
        CHECK(lease_requires_mfa(&document) == cases[i].requires, "%s", cases[i].json);
    }
}

static void test_leases_of_leases(void **state)
{
    (void)state;
    const int64_t early_s = at("2026-11-28T23:59:59Z"), late_s = at("2026-12-01T08:00:00Z");
    for (size_t i = 0; i < COUNT(documents); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct document source = parsed(arena, documents[i].json), early, late, again;
        if (!lease_until(arena, &source, early_s, PREFIX, &early))
            continue; /* cannot be read: test_what_cannot_be_read */
        int64_t end_s, again_s;
        CHECK(lease_ends_at(&early, &end_s) && end_s <= early_s, "%s", documents[i].what);
        CHECK(lease_until(arena, &source, late_s, PREFIX, &late), "%s", documents[i].what);
        CHECK(lease_ends_at(&late, &again_s) && again_s <= late_s && again_s >= end_s, "%s",
              documents[i].what);

        CHECK(lease_until(arena, &early, late_s, "other", &again), "%s", documents[i].what);
        CHECK(document_equal(arena, &early, &again), "%s: a later end", documents[i].what);
        CHECK(lease_until(arena, &late, early_s, "other", &again), "%s", documents[i].what);
        CHECK(document_equal(arena, &early, &again), "%s: an earlier end", documents[i].what);

        const char *json = document_to_json(arena, &early);
        again = parsed(arena, json);
        CHECK(document_equal(arena, &early, &again), "%s: read again", documents[i].what);
        CHECK(lease_ends_at(&again, &again_s) && again_s == end_s, "%s: read again", documents[i].what);
    }
}

/* What a lease from 2026-11-29T10:00:00Z to 2026-11-30T14:00:00Z with MFA is, condition by condition; NULL:
 * there is none. */
#define START        "\"aws:CurrentTime\":\"2026-11-29T10:00:00Z\""
#define LATE         "\"aws:CurrentTime\":\"2026-11-30T00:00:00Z\""
#define MFA          ",\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}"
#define FROM(key)    "\"DateGreaterThanEquals\":{" key "}"
#define TO           "\"DateLessThan\":{" END "}"
#define IN_WINDOW    FROM(START) "," TO
#define ON_MFA(v)    "{\"Bool\":{\"aws:MultiFactorAuthPresent\":" v "}}"
#define NOT_UNTIL(v) "{\"DateGreaterThanEquals\":{\"aws:CurrentTime\":" v "}}"

static const struct {
    const char *source, *allow, *deny;
} windows[] = {
    {"{}", "{" IN_WINDOW MFA "}", "{" IN_WINDOW "}"},
    /* the maximum of the starts; of a list the earliest */
    {NOT_UNTIL("\"2026-11-30\""), "{" FROM(LATE) "," TO MFA "}", "{" FROM(LATE) "," TO "}"},
    {NOT_UNTIL("\"2026-11-28\""), "{" IN_WINDOW MFA "}", "{" IN_WINDOW "}"},
    {NOT_UNTIL("[\"2026-12-24\",\"2026-11-30\"]"), "{" FROM(LATE) "," TO MFA "}", "{" FROM(LATE) "," TO "}"},
    {NOT_UNTIL("[\"2026-11-30\",\"2026-11-01\"]"), "{" IN_WINDOW MFA "}", "{" IN_WINDOW "}"},
    {"{\"dategreaterthanEQUALS\":{\"AWS:currenttime\":\"2026-11-30\"}}", "{" FROM(LATE) "," TO MFA "}",
     "{" FROM(LATE) "," TO "}"},
    {"{\"DateGreaterThanEquals\":{\"aws:CurrentTime\":\"2026-11-28\",\"aws:currentTime\":\"2026-11-30\"}}",
     "{" FROM(LATE) "," TO MFA "}", "{" FROM(LATE) "," TO "}"},
    {NOT_UNTIL("\"1795996800\""), "{" FROM(LATE) "," TO MFA "}", "{" FROM(LATE) "," TO "}"},
    /* after the end: it never works */
    {NOT_UNTIL("\"2027-01-01\""), "{" FROM("\"aws:CurrentTime\":\"2027-01-01T00:00:00Z\"") "," TO MFA "}",
     "{" FROM("\"aws:CurrentTime\":\"2027-01-01T00:00:00Z\"") "," TO "}"},
    {NOT_UNTIL("\"soon\""), NULL, NULL},
    {NOT_UNTIL("[\"2026-11-30\",\"soon\"]"), NULL, NULL},
    {NOT_UNTIL("[]"), NULL, NULL},
    /* what is no start of ours stays beside it */
    {"{\"DateGreaterThan\":{\"aws:CurrentTime\":\"soon\"}}",
     "{\"DateGreaterThan\":{\"aws:CurrentTime\":\"soon\"}," IN_WINDOW MFA "}",
     "{\"DateGreaterThan\":{\"aws:CurrentTime\":\"soon\"}," IN_WINDOW "}"},
    {"{\"DateGreaterThanEqualsIfExists\":{\"aws:CurrentTime\":\"2026-12-01\"}}",
     "{\"DateGreaterThanEqualsIfExists\":{\"aws:CurrentTime\":\"2026-12-01\"}," IN_WINDOW MFA "}",
     "{\"DateGreaterThanEqualsIfExists\":{\"aws:CurrentTime\":\"2026-12-01\"}," IN_WINDOW "}"},
    {"{\"DateGreaterThanEquals\":{\"aws:TokenIssueTime\":\"2026-12-01\"}}",
     "{\"DateGreaterThanEquals\":{\"aws:TokenIssueTime\":\"2026-12-01\"," START "}," TO MFA "}",
     "{\"DateGreaterThanEquals\":{\"aws:TokenIssueTime\":\"2026-12-01\"," START "}," TO "}"},
    /* MFA */
    {ON_MFA("\"true\""), "{" IN_WINDOW MFA "}",
     "{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}," IN_WINDOW "}"},
    {ON_MFA("true"), "{" IN_WINDOW MFA "}",
     "{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}," IN_WINDOW "}"},
    {ON_MFA("[\"false\",\"TRUE\"]"), "{" IN_WINDOW MFA "}",
     "{\"Bool\":{\"aws:MultiFactorAuthPresent\":[\"false\",\"TRUE\"]}," IN_WINDOW "}"},
    {ON_MFA("\"false\""), NULL, "{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"false\"}," IN_WINDOW "}"},
    {ON_MFA("\"yes\""), NULL, "{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"yes\"}," IN_WINDOW "}"},
    {ON_MFA("[]"), NULL, "{\"Bool\":{\"aws:MultiFactorAuthPresent\":[]}," IN_WINDOW "}"},
    {"{\"bool\":{\"AWS:multifactorauthpresent\":\"false\"}}", NULL,
     "{\"bool\":{\"AWS:multifactorauthpresent\":\"false\"}," IN_WINDOW "}"},
    {"{\"BoolIfExists\":{\"aws:MultiFactorAuthPresent\":\"true\"}}",
     "{\"BoolIfExists\":{\"aws:MultiFactorAuthPresent\":\"true\"}," IN_WINDOW MFA "}",
     "{\"BoolIfExists\":{\"aws:MultiFactorAuthPresent\":\"true\"}," IN_WINDOW "}"},
    {"{\"Bool\":{\"aws:SecureTransport\":\"true\"}}",
     "{\"Bool\":{\"aws:SecureTransport\":\"true\",\"aws:MultiFactorAuthPresent\":\"true\"}," IN_WINDOW "}",
     "{\"Bool\":{\"aws:SecureTransport\":\"true\"}," IN_WINDOW "}"},
};

static void test_windows_and_mfa(void **state)
{
    (void)state;
    const struct lease_terms terms = {at("2026-11-29T10:00:00Z"), at("2026-11-30T14:00:00Z"), true};
    for (size_t i = 0; i < 2 * COUNT(windows); i++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        const char *effect = i % 2 ? "Deny" : "Allow";
        const char *expected = i % 2 ? windows[i / 2].deny : windows[i / 2].allow;
        const char *source =
            arena_printf(arena, DOCUMENT(STATEMENT("%s", IF("%s"))), effect, windows[i / 2].source);
        struct document document = parsed(arena, source), lease = {.count = 77}, again;
        CHECK(lease_document(arena, &document, &terms, PREFIX, &lease) == (expected != NULL), "%s", source);
        if (!expected) {
            CHECK(lease.count == 77, "%s", source);
            continue;
        }
        const char *json = document_to_json(arena, &lease);
        CHECK(str_eq(json, arena_printf(arena, DOCUMENT(WRITTEN("%s", "1", "%s")), effect, expected)),
              "%s: %s", source, json);
        /* the terms are in it already, so a lease of the lease is the same */
        CHECK(lease_document(arena, &lease, &terms, PREFIX, &again), "%s", source);
        CHECK(document_equal(arena, &lease, &again), "%s: %s", source, document_to_json(arena, &again));
    }
}

/* A small machine for random numbers, so that every run tries the same. */
static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

/* One of the values that a condition on time may have, as an hour since 2026-11-29T00:00:00Z; -1: cannot be read. */
static int random_hour(uint32_t *random)
{
    int hour = (int)(next_random(random) % 20);
    return hour == 19 ? -1 : hour;
}

struct random_condition {
    bool is_end, is_start;
    int hours[3];
    size_t count;
};

static struct random_condition add_random_condition(struct arena *arena, uint32_t *random,
                                                    struct statement *statement, unsigned number)
{
    static const char *const operators[] = {"DateLessThan", "dateLessThan", "DateGreaterThanEquals",
                                            "DATEGREATERTHANEQUALS"};
    static const char *const keys[] = {"aws:CurrentTime", "AWS:CURRENTTIME", "aws:currentTime"};
    struct random_condition made = {.count = 1 + next_random(random) % 3};
    struct condition *condition = VEC_ADD(arena, &statement->conditions);
    unsigned which = next_random(random) % 4;
    made.is_end = which < 2;
    made.is_start = which >= 2;
    condition->operator= operators[which];
    condition->key = keys[number % 3];
    for (size_t i = 0; i < made.count; i++) {
        made.hours[i] = random_hour(random);
        strings_add(arena, &condition->values,
                    made.hours[i] < 0 ? "whenever"
                                      : arena_printf(arena, "2026-11-29T%02d:00:00Z", made.hours[i]));
    }
    return made;
}

/* What the conditions say of an hour, evaluated as IAM does: all must hold, of the values of one any. */
static bool holds(const struct random_condition *own, size_t count, int hour)
{
    for (size_t i = 0; i < count; i++) {
        bool any = false;
        for (size_t j = 0; j < own[i].count; j++) {
            int value = own[i].hours[j];
            any |= value >= 0 && (own[i].is_end ? hour < value : hour >= value);
        }
        if (!any)
            return false;
    }
    return true;
}

/* What a lease says of an hour, read back from its document. */
static bool lease_holds(const struct statement *statement, int64_t now_s)
{
    for (size_t i = 0; i < statement->conditions.count; i++) {
        const struct condition *condition = &statement->conditions.items[i];
        bool any = false;
        for (size_t j = 0; j < condition->values.count; j++) {
            int64_t value_s;
            bool readable = time_parse_rfc3339(condition->values.items[j], &value_s);
            any |= readable && (str_casecmp(condition->operator, "DateLessThan") == 0 ? now_s < value_s
                                                                                      : now_s >= value_s);
        }
        if (!any)
            return false;
    }
    return true;
}

/* For any conditions and any window: a lease allows in an hour exactly when the source does and the window is open. */
static void test_leases_allow_what_both_allow(void **state)
{
    (void)state;
    uint32_t random = 20261129;
    const int64_t day_s = at("2026-11-29T00:00:00Z");
    unsigned made = 0, refused = 0;
    for (int run = 0; run < 4000; run++) {
        CLEANUP(arena_freep) struct arena *arena = arena_new();
        struct document source = {0}, lease;
        struct random_condition own[3];
        struct statement *statement = VEC_ADD(arena, &source);
        size_t count = next_random(&random) % 4;
        bool unreadable = false;
        for (size_t i = 0; i < count; i++) {
            own[i] = add_random_condition(arena, &random, statement, (unsigned)i);
            for (size_t j = 0; j < own[i].count; j++)
                unreadable |= own[i].hours[j] < 0;
        }
        int start = 1 + (int)(next_random(&random) % 20), end = (int)(next_random(&random) % 24);
        const struct lease_terms terms = {.starts_at_s = day_s + start * 3600,
                                          .ends_at_s = day_s + end * 3600};
        bool ok = lease_document(arena, &source, &terms, PREFIX, &lease);
        CHECK(ok == !unreadable, "run %d", run);
        made += ok;
        refused += !ok;
        for (int hour = 0; ok && hour < 26; hour++)
            CHECK(lease_holds(&lease.items[0], day_s + hour * 3600) ==
                      (holds(own, count, hour) && hour >= start && hour < end),
                  "run %d, hour %d", run, hour);
        int64_t ends_at_s;
        CHECK(!ok || (lease_ends_at(&lease, &ends_at_s) && ends_at_s <= terms.ends_at_s), "run %d", run);
    }
    assert_true(made > 500 && refused > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_never_later_than_both),
        cmocka_unit_test(test_what_cannot_be_read),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_every_statement_ends_and_has_its_sid),
        cmocka_unit_test(test_sids_of_many_statements_differ),
        cmocka_unit_test(test_a_lease_is_a_copy),
        cmocka_unit_test(test_a_lease_without_statements),
        cmocka_unit_test(test_ends_at),
        cmocka_unit_test(test_requires_mfa),
        cmocka_unit_test(test_leases_of_leases),
        cmocka_unit_test(test_windows_and_mfa),
        cmocka_unit_test(test_leases_allow_what_both_allow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
