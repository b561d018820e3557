/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/github_subject.h"

#include "base/str.h"

#include <string.h>

/* The longest that the grammar takes. */
enum { SUBJECT_MAX = 1024, LONG_NAME = 16 };

/*
 * A form is text, in which stands
 *   N  for the name of an owner or a repository,
 *   V  for a value,
 *   G  for a value that no subject names, so that wildcards alone reach it,
 *   P  for any claims of a pull request, O for any of another job.
 */
static const char own_pulls[] = "repo:N/N:pull_request";
static const char *const own_others[] = {"repo:N/N:environment:V", "repo:N/N:ref:refs/heads/V",
                                         "repo:N/N:ref:refs/tags/V", NULL};
static const char *const own_any_other[] = {"repo:N/N:environment:G", "repo:N/N:ref:refs/heads/G",
                                            "repo:N/N:ref:refs/tags/G", NULL};
static const char *const template_pulls[] = {"repo:N/NP", "repo:N/NP:pull_requestP", NULL};
static const char *const template_any_other[] = {"repo:N/NO", "repo:N/NO:environment:GO",
                                                 "repo:N/NO:ref:refs/heads/GO", "repo:N/NO:ref:refs/tags/GO",
                                                 NULL};

/* The claims that a template can name: of every job, and those by which pull requests are told from others. */
static const char *const claims[] = {":actor:V",
                                     ":actor_id:V",
                                     ":base_ref:V",
                                     ":check_run_id:V",
                                     ":enterprise:V",
                                     ":enterprise_id:V",
                                     ":head_ref:V",
                                     ":job_workflow_ref:V",
                                     ":job_workflow_sha:V",
                                     ":ref_protected:V",
                                     ":ref_type:V",
                                     ":repository:V",
                                     ":repository_id:V",
                                     ":repository_owner:V",
                                     ":repository_owner_id:V",
                                     ":repository_visibility:V",
                                     ":run_attempt:V",
                                     ":run_id:V",
                                     ":run_number:V",
                                     ":runner_environment:V",
                                     ":sha:V",
                                     ":workflow:V",
                                     ":workflow_sha:V",
                                     NULL};
static const char *const claims_of_pulls[] = {":event_name:pull_request", ":event_name:pull_request_V",
                                              ":ref:refs/pull/V", ":workflow_ref:V@refs/pull/V", NULL};
static const char *const claims_of_others[] = {":event_name:G",   ":ref:refs/heads/V", ":ref:refs/tags/V",
                                               ":workflow_ref:V", ":environment:V",    NULL};

struct subject {
    size_t size;
    char text[SUBJECT_MAX + 1]; /* one '*' where it had several */
};

/* Places in a subject, before which all is matched. Behind a '*' at such a place is another one. */
struct places {
    size_t from, to; /* all of them are in between */
    bool at[SUBJECT_MAX + 1];
};

static bool simplify(const char *text, struct subject *ret)
{
    size_t size = 0;
    for (; *text; text++) {
        if (*text == '*' && size && ret->text[size - 1] == '*')
            continue;
        if (size == SUBJECT_MAX)
            return false;
        ret->text[size++] = *text;
    }
    ret->text[size] = 0;
    ret->size = size;
    return true;
}

static void add_place(const struct subject *subject, size_t place, struct places *places)
{
    const size_t last = subject->text[place] == '*' ? place + 1 : place;
    places->at[place] = places->at[last] = true;
    if (places->from == places->to || place < places->from)
        places->from = place;
    if (last + 1 > places->to)
        places->to = last + 1;
}

/* Adds what of `more` is not there yet; false when that is nothing. */
static bool unite(const struct subject *subject, const struct places *more, struct places *places)
{
    bool grows = false;
    for (size_t i = more->from; i < more->to; i++)
        if (more->at[i] && !places->at[i]) {
            add_place(subject, i, places);
            grows = true;
        }
    return grows;
}

/* Whether a character of a subject can be one of the form. */
static bool fits(char c, char form)
{
    const char one[] = {c, 0};
    switch (form) {
    case 'N': return str_only(one, "-_.@");
    case 'V': return c != ':';
    case 'G': return false;
    default: return c == form;
    }
}

/* The places after one more character. */
static void step(const struct subject *subject, const struct places *before, char form, struct places *ret)
{
    memset(ret, 0, sizeof *ret);
    for (size_t i = before->from; i < before->to; i++) {
        const char c = subject->text[i];
        if (!before->at[i] || i == subject->size)
            continue;
        if (c == '*')
            add_place(subject, i, ret);
        else if (c == '?' || fits(c, form))
            add_place(subject, i + 1, ret);
    }
}

/* After one or more of them. */
static void run(const struct subject *subject, struct places *places, char form)
{
    struct places next;
    step(subject, places, form, &next);
    *places = next;
    for (bool grows = true; grows;) {
        step(subject, places, form, &next);
        grows = unite(subject, &next, places);
    }
}

static void feed(const struct subject *subject, struct places *places, const char *form)
{
    struct places next;
    for (; *form && places->from < places->to; form++) {
        if (*form == 'N' || *form == 'V') {
            run(subject, places, *form);
            continue;
        }
        for (int i = 0; i < (*form == 'G' ? LONG_NAME : 1); i++) {
            step(subject, places, *form, &next);
            *places = next;
        }
    }
}

static bool feed_each(const struct subject *subject, struct places *places, const char *const *forms)
{
    bool grows = false;
    for (; *forms; forms++) {
        struct places after = *places;
        feed(subject, &after, *forms);
        grows |= unite(subject, &after, places);
    }
    return grows;
}

/* Any number of claims, of a pull request ('P') or of another job. */
static void feed_claims(const struct subject *subject, struct places *places, char whose)
{
    const char *const *more = whose == 'P' ? claims_of_pulls : claims_of_others;
    for (bool grows = true; grows;) {
        grows = feed_each(subject, places, claims);
        grows |= feed_each(subject, places, more);
    }
}

static bool matches(const struct subject *subject, const char *form)
{
    struct places places = {0};
    char part[sizeof "repo:N/N" + sizeof ":ref:refs/heads/G"];
    add_place(subject, 0, &places);
    for (size_t size; *form; form += size) {
        size = strcspn(form, "PO");
        memcpy(part, form, size);
        part[size] = 0;
        feed(subject, &places, part);
        if (form[size])
            feed_claims(subject, &places, form[size++]);
    }
    return places.at[subject->size];
}

static bool matches_any(const struct subject *subject, const char *const *forms)
{
    for (; *forms; forms++)
        if (matches(subject, *forms))
            return true;
    return false;
}

enum github_pulls github_subject_pulls(const char *text)
{
    struct subject subject;
    if (!simplify(text, &subject))
        return PULLS_TOO; /* nobody has looked */
    if (matches(&subject, own_pulls))
        return matches_any(&subject, own_any_other) ? PULLS_TOO : PULLS_MEANT;
    if (!matches_any(&subject, template_pulls))
        return PULLS_NONE;
    if (matches_any(&subject, own_others))
        return PULLS_BY_TEMPLATE;
    return matches_any(&subject, template_any_other) ? PULLS_TOO : PULLS_MEANT;
}
