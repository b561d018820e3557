/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/pairing.h"

#include <string.h>

struct pairing pairing_new(const struct facts *before, const struct facts *after)
{
    return (struct pairing){.before = before, .after = after};
}

static const struct fact *at(const struct facts *facts, size_t place, size_t end)
{
    return place < end ? &facts->items[place] : NULL;
}

/* What comes first of two facts, of which one may be missing: below 0, above 0, or 0 for a pair. */
static int compare(const struct fact *before, const struct fact *after,
                   int (*order)(const struct fact *a, const struct fact *b))
{
    return !before ? 1 : !after ? -1 : order(before, after);
}

static int compare_identities(const struct fact *a, const struct fact *b)
{
    return strcmp(a->identity, b->identity);
}

/* Finds the windows of the next grant, and among them the single ones that only one side has. */
static void begin_grant(struct pairing *pairing)
{
    const struct fact *before = at(pairing->before, pairing->before_at, pairing->before->count);
    const struct fact *after = at(pairing->after, pairing->after_at, pairing->after->count);
    int order = compare(before, after, fact_compare_grants);
    size_t gone = 0, come = 0;
    if (before && order <= 0)
        facts_of_grant(pairing->before, pairing->before_at, &pairing->before_end);
    if (after && order >= 0)
        facts_of_grant(pairing->after, pairing->after_at, &pairing->after_end);
    pairing->moved_from = pairing->moved_to = NULL;
    for (size_t i = pairing->before_at, j = pairing->after_at;
         i < pairing->before_end || j < pairing->after_end;) {
        before = at(pairing->before, i, pairing->before_end);
        after = at(pairing->after, j, pairing->after_end);
        order = compare(before, after, compare_identities);
        if (order < 0) {
            gone++;
            pairing->moved_from = before;
        } else if (order > 0) {
            come++;
            pairing->moved_to = after;
        }
        i += order <= 0;
        j += order >= 0;
    }
    if (gone != 1 || come != 1)
        pairing->moved_from = pairing->moved_to = NULL;
}

bool pairing_next(struct pairing *pairing, const struct fact **ret_before, const struct fact **ret_after)
{
    for (;;) {
        if (pairing->before_at == pairing->before_end && pairing->after_at == pairing->after_end) {
            if (pairing->before_at == pairing->before->count && pairing->after_at == pairing->after->count)
                return false;
            begin_grant(pairing);
        }
        const struct fact *before = at(pairing->before, pairing->before_at, pairing->before_end);
        const struct fact *after = at(pairing->after, pairing->after_at, pairing->after_end);
        int order = compare(before, after, compare_identities);
        pairing->before_at += order <= 0;
        pairing->after_at += order >= 0;
        *ret_before = order <= 0 ? before : NULL;
        *ret_after = order >= 0 ? after : NULL;
        if (order && pairing->moved_from) { /* handed out with what it moved to */
            if (order < 0)
                continue;
            *ret_before = pairing->moved_from;
        }
        return true;
    }
}
