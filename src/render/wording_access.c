/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "render/escape.h"
#include "render/wording.h"

#include <stddef.h>

/* So many actions, policies or resources; who wants them all reads the document. */
enum { SAMPLE_MAX = 4 };

/* Different texts, in the order in which they were met. */
struct sample {
    struct {
        const char *text;
        bool excluded; /* "all but" that */
    } items[SAMPLE_MAX];
    size_t count;
    bool more;
};

static void sample_add(struct sample *sample, const struct strings *texts, bool excluded)
{
    for (size_t i = 0; i < texts->count && !sample->more; i++) {
        bool known = false;
        for (size_t j = 0; j < sample->count; j++)
            known = known ||
                    (sample->items[j].excluded == excluded && str_eq(sample->items[j].text, texts->items[i]));
        if (known)
            continue;
        sample->more = sample->count == SAMPLE_MAX;
        if (sample->more)
            return;
        sample->items[sample->count].text = texts->items[i];
        sample->items[sample->count++].excluded = excluded;
    }
}

static void sample_write(struct buf *out, const struct language *language, const struct sample *sample,
                         const char *account_id)
{
    for (size_t i = 0; i < sample->count; i++) {
        if (i)
            RAW(out, ", ");
        if (sample->items[i].excluded)
            RAW(out, "all but ");
        wording_policy(out, language, sample->items[i].text, account_id);
    }
    if (sample->more)
        RAW(out, " and more");
}

void wording_allows(struct buf *out, const struct language *language, const struct fact *fact)
{
    struct sample actions = {.count = 0}, resources = {.count = 0};
    const struct policy_decl *policy = fact->policy;
    if (!policy)
        return;
    for (size_t i = 0; i < policy->managed_policies.count; i++) {
        const char *arn = policy->managed_policies.items[i].text;
        sample_add(&actions, &(struct strings){.items = &arn, .count = 1}, false);
    }
    for (size_t i = 0; i < policy->custom.count; i++) {
        const struct statement *statement = &policy->custom.items[i];
        if (statement->effect != EFFECT_ALLOW)
            continue;
        sample_add(&actions, &statement->actions, false);
        sample_add(&actions, &statement->not_actions, true);
        sample_add(&resources, &statement->resources, false);
        sample_add(&resources, &statement->not_resources, true);
    }
    sample_write(out, language, &actions, fact->account_id);
    if (!fact->ad_hoc || !resources.count)
        return;
    RAW(out, " on ");
    sample_write(out, language, &resources, fact->account_id);
}

/* Two lists of a row at most make one line. */
enum { LISTS_MAX = 2 };

#define OF_POLICY(member) offsetof(struct policy_change, member)
#define OF_KEPT(member)   offsetof(struct kept_change, member)

static const struct {
    const char *label;
    bool of_kept; /* the lists are those of row->kept, otherwise of row->policy */
    bool is_pair; /* there are two */
    size_t lists[LISTS_MAX];
} policy_lines[POLICY_LINES] = {
    {"gains ", false, true, {OF_POLICY(actions_gained), OF_POLICY(policies_gained)}},
    {"loses ", false, true, {OF_POLICY(actions_lost), OF_POLICY(policies_lost)}},
    {"reaches ", false, false, {OF_POLICY(resources_gained)}},
    {"no longer reaches ", false, false, {OF_POLICY(resources_lost)}},
    {"condition added: ", false, false, {OF_POLICY(conditions_gained)}},
    {"condition gone: ", false, false, {OF_POLICY(conditions_lost)}},
    {"may be assumed by ", true, false, {OF_KEPT(trust_gained)}},
    {"may no longer be assumed by ", true, false, {OF_KEPT(trust_lost)}},
    {"has ", true, false, {OF_KEPT(settings_gained)}},
    {"no longer has ", true, false, {OF_KEPT(settings_lost)}},
};

/* A list of a line; an empty one where there is none. */
static const struct strings *list_of(const struct delta_row *row, size_t line, size_t number)
{
    static const struct strings none = {.count = 0};
    const void *from = policy_lines[line].of_kept ? (const void *)row->kept : (const void *)row->policy;
    if (!from || (number && !policy_lines[line].is_pair))
        return &none;
    return (const struct strings *)((const char *)from + policy_lines[line].lists[number]);
}

bool wording_policy_line(struct buf *out, const struct language *language, const struct delta_row *row,
                         size_t line)
{
    const char *account_id = row_fact(row)->account_id;
    const struct strings *first = list_of(row, line, 0), *second = list_of(row, line, 1);
    if (!first->count && !second->count)
        return false;
    buf_add_text(out, policy_lines[line].label);
    wording_list(out, language, first, account_id);
    if (first->count && second->count)
        RAW(out, ", ");
    wording_list(out, language, second, account_id);
    return true;
}

bool rows_change_alike(const struct delta_row *a, const struct delta_row *b)
{
    for (size_t i = 0; i < POLICY_LINES * LISTS_MAX; i++) {
        const struct strings *of_a = list_of(a, i / LISTS_MAX, i % LISTS_MAX),
                             *of_b = list_of(b, i / LISTS_MAX, i % LISTS_MAX);
        if (of_a->count != of_b->count)
            return false;
        for (size_t j = 0; j < of_a->count; j++)
            if (!str_eq(of_a->items[j], of_b->items[j]))
                return false;
    }
    return true;
}

void wording_side_kind(struct buf *out, const struct language *language, const struct side_change *change)
{
    struct buf words;
    buf_init(&words, SIZE_MAX / 4);
    for (const char *c = change->id; *c; c++)
        buf_add_char(&words, *c == '-' ? ' ' : *c);
    language->sentence(out, words.bytes);
    buf_free(&words);
}
