/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/str.h"
#include "policy/github_subject.h"
#include "policy/pattern.h"
#include "unit.h"

#include <string.h>

static const char *const words[] = {"none", "by template", "too", "meant"};

static void test_table(void **state)
{
    (void)state;
    static const struct {
        const char *subject;
        enum github_pulls pulls;
    } cases[] = {
        /* GitHub's own forms, written out. */
        {"repo:acme/app:pull_request", PULLS_MEANT},
        {"repo:acme@12/app@345:pull_request", PULLS_MEANT},
        {"repo:acme/app:environment:prod", PULLS_NONE},
        {"repo:acme@12/app@345:environment:prod", PULLS_NONE},
        {"repo:acme/app:environment:pull_request", PULLS_NONE},
        {"repo:acme/app:ref:refs/heads/main", PULLS_NONE},
        {"repo:acme/app:ref:refs/tags/v1", PULLS_NONE},
        /* With wildcards: a '*' is any text, but what stands behind it stands at the end. */
        {"repo:acme/app-*:environment:prod", PULLS_NONE},
        {"repo:acme/*:environment:prod", PULLS_NONE},
        {"repo:*:environment:prod", PULLS_NONE},
        {"repo:acme/app-*:ref:refs/heads/main", PULLS_NONE},
        {"repo:acme/app:environment:*", PULLS_NONE},
        {"repo:acme/app:environment:prod-*", PULLS_NONE},
        {"repo:acme/app:ref:refs/heads/*", PULLS_NONE},
        {"repo:acme/app:ref:refs/heads/release/*", PULLS_NONE},
        {"repo:acme/app:ref:refs/tags/v*", PULLS_NONE},
        {"repo:acme/app:ref:refs/heads/pull_request", PULLS_NONE},
        {"repo:acme/*:ref:refs/heads/*", PULLS_NONE},
        {"repo:acme/app:e*", PULLS_BY_TEMPLATE}, /* event_name */
        {"repo:acme/app:env*", PULLS_NONE},
        {"repo:acme/app:*prod*", PULLS_BY_TEMPLATE},
        {"repo:acme/app:*/main", PULLS_BY_TEMPLATE},
        {"repo:acme/app:*:prod", PULLS_BY_TEMPLATE},
        {"repo:acme/app:ref:*", PULLS_BY_TEMPLATE},
        {"repo:acme/app:ref:refs/*", PULLS_BY_TEMPLATE},
        {"repo:acme/app:Pull_Request", PULLS_NONE},
        {"REPO:acme/app:pull_request", PULLS_NONE},
        {"repo:acme/app:pull_reques", PULLS_NONE},
        {"repo:acme/app/sub:pull_request", PULLS_NONE},
        {"repo:acme:pull_request", PULLS_NONE},
        {"repo:acme/app:pull_*", PULLS_MEANT},
        {"repo:acme/app:pull_reques?", PULLS_MEANT},
        {"repo:acme/app:????????????", PULLS_MEANT},
        {"repo:acme/app:????", PULLS_NONE},
        {"repo:acme/app:*request", PULLS_MEANT},
        {"repo:acme/app:*t", PULLS_MEANT},
        {"repo:acme/*:pull_request", PULLS_MEANT},
        {"repo:acme/app-*request", PULLS_MEANT},
        {"repo:acme/app*request*", PULLS_TOO}, /* a repository app-request, whatever it runs */
        {"*pull_request", PULLS_MEANT},
        {"repo:acme/app:*", PULLS_TOO},
        {"repo:acme/app:**", PULLS_TOO},
        {"repo:acme/app:?*", PULLS_TOO},
        {"repo:acme/app*", PULLS_TOO},
        {"repo:acme/*", PULLS_TOO},
        {"repo:acme*", PULLS_TOO},
        {"*", PULLS_TOO},
        /* Forms of templates. */
        {"repo:acme/app", PULLS_TOO},
        {"repo:acme/app:pull_request:*", PULLS_MEANT},
        {"repo:acme/app:pull_request:actor:bert", PULLS_MEANT},
        {"repo:acme/app:actor:bert:pull_request", PULLS_MEANT},
        {"repo:acme/app:actor:bert", PULLS_TOO},
        {"repo:acme/app:*:actor:bert", PULLS_TOO},
        {"repo:acme/app:ref:refs/pull/*", PULLS_MEANT},
        {"repo:acme/app:event_name:pull_request", PULLS_MEANT},
        {"repo:acme/app:event_name:push", PULLS_NONE},
        {"repo:acme/app:environment:prod:actor:bert", PULLS_NONE},
        {"repo:acme/app:actor:bert:environment:prod", PULLS_NONE},
        {"repo:acme/app:ref:refs/heads/main:actor:*", PULLS_NONE},
        {"repo:acme/app:workflow_ref:acme/app/.github/workflows/a.yml@refs/heads/main", PULLS_NONE},
        {"repo:acme/app:job_workflow_ref:acme/ci/.github/workflows/a.yml@refs/heads/main", PULLS_TOO},
        {"", PULLS_NONE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum github_pulls pulls = github_subject_pulls(cases[i].subject);
        CHECK(pulls == cases[i].pulls, "'%s' gives %s", cases[i].subject, words[pulls]);
    }
}

/* The last name, or the beginning of one, in a text that ends; the first in a text that begins. */
static const char *tail_of(const char *text)
{
    const char *tail = text;
    for (; *text; text++)
        if (*text == ':' || *text == '/')
            tail = text + 1;
    return tail;
}

/*
 * Whether a subject of a pull request is matched by "HEAD*TAIL", found by trying: its names are short ones,
 * or what of a name stands before or behind the wildcard, with or without a letter more.
 */
static bool some_pull_is_matched(struct arena *arena, const char *head, const char *wildcard, const char *tail)
{
    const char *first = tail_of(head), *last = arena_strndup(arena, tail, strcspn(tail, ":/"));
    const char *names[] = {"a",
                           "app",
                           "acme",
                           "acme@1",
                           "app@2",
                           first,
                           last,
                           arena_printf(arena, "%s%s", first, last),
                           arena_printf(arena, "%sx", first),
                           arena_printf(arena, "x%s", last),
                           arena_printf(arena, "%sx%s", first, last)};
    const char *pattern = arena_printf(arena, "%s%s%s", head, wildcard, tail);
    for (size_t i = 0; i < COUNT(names); i++)
        for (size_t j = 0; j < COUNT(names); j++)
            if (*names[i] && *names[j] &&
                pattern_matches(pattern, arena_printf(arena, "repo:%s/%s:pull_request", names[i], names[j])))
                return true;
    return false;
}

/* Each form of subject, and any piece of it replaced by a wildcard that matches it: pull requests are found
 * where they come in, only there. */
static void test_both_directions(void **state)
{
    (void)state;
    static const char *const subjects[] = {
        "repo:acme/app:pull_request",         "repo:acme@1/app@2:pull_request",
        "repo:acme/app:environment:prod",     "repo:acme@1/app@2:environment:request",
        "repo:acme/app:ref:refs/heads/main",  "repo:acme/app:ref:refs/heads/a/pull_request",
        "repo:acme@1/app@2:ref:refs/tags/v1",
    };
    static const char *const wildcards[] = {"*", "?"};
    size_t found = 0, not_found = 0;
    for (size_t i = 0; i < COUNT(subjects); i++)
        for (size_t from = 0; from <= strlen(subjects[i]); from++)
            for (size_t to = from; to <= strlen(subjects[i]); to++)
                for (size_t k = 0; k < (to - from == 1 ? COUNT(wildcards) : 1); k++) {
                    CLEANUP(arena_freep) struct arena *arena = arena_new();
                    const char *head = arena_strndup(arena, subjects[i], from), *tail = subjects[i] + to;
                    const char *pattern = arena_printf(arena, "%s%s%s", head, wildcards[k], tail);
                    const enum github_pulls pulls = github_subject_pulls(pattern);
                    const bool expected = some_pull_is_matched(arena, head, wildcards[k], tail);
                    CHECK((pulls >= PULLS_TOO) == expected, "'%s' gives %s", pattern, words[pulls]);
                    *(expected ? &found : &not_found) += 1;
                }
    assert_true(found > 500 && not_found > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_both_directions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
