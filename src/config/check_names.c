/* SPDX-License-Identifier: Apache-2.0 */
/* The names in an entry: what they refer to is declared, and none stands in a list twice. */
#include "base/str.h"
#include "config/check_work.h"
#include "config/ids.h"

#include <string.h>

/* A hint lists what is declared when there are no more than these. */
enum { LISTED_MAX = 8 };

/* The team's file in `folder`, as seen from another of its files: both lie below one config root. */
static const char *sibling(struct checker *checker, const char *path, const char *folder)
{
    const char *name = strrchr(path, '/'), *root_end = name;
    while (root_end && root_end > path && root_end[-1] != '/')
        root_end--;
    return arena_printf(checker->scratch, "%.*s%s/%s.yaml", root_end ? (int)(root_end - path) : 0, path,
                        folder, checker->team->name);
}

/* "did you mean", or what there is, or where to declare it. `word` stands in the file of `diag`. */
static void hint_names(struct checker *checker, struct diag *diag, const char *word,
                       const struct strings *names, const char *folder)
{
    if (!diag)
        return;
    const char *path = sibling(checker, diag->span.file->path, folder);
    const char *nearest = NULL;
    if (names->count <= checker->totals->comparisons_left) {
        checker->totals->comparisons_left -= names->count;
        nearest = str_nearest(word, names->items, names->count);
    }
    if (nearest) {
        diag_hint(checker->diags, diag, "did you mean '%s'?", nearest);
    } else if (names->count == 0 || names->count > LISTED_MAX) {
        diag_hint(checker->diags, diag, "declare it in %s", path);
    } else {
        const char *list = "";
        for (size_t i = 0; i < names->count; i++)
            list = arena_printf(checker->scratch, "%s%s'%s'", list, i ? ", " : "", names->items[i]);
        diag_hint(checker->diags, diag, "%s declares %s", path, list);
    }
}

void check_repeated(struct checker *checker, const struct located_list *list)
{
    struct map seen = map_new(checker->scratch);
    for (size_t i = 0; i < list->count && list->count > 1; i++) {
        struct located *value = &list->items[i], *first = map_put(&seen, value->text, value);
        if (first == value)
            continue;
        struct diag *diag = diag_warning(checker->diags, value->span, ID_REPEATED_VALUE,
                                         "'%s' is in this list already", value->text);
        diag_hint(checker->diags, diag, "it is first given in line %u", (unsigned)first->span.line);
    }
}

void check_environments(struct checker *checker, struct access_entry *entry)
{
    for (size_t i = 0; i < entry->environments.count; i++) {
        const struct located *environment = &entry->environments.items[i];
        const struct account_decl *account = map_get(&checker->environments, environment->text);
        entry->incomplete |= !account || !*account->account_id.text;
        if (account)
            continue;
        struct diag *diag = diag_error(checker->diags, environment->span, ID_UNKNOWN_ENVIRONMENT,
                                       "unknown environment '%s'", environment->text);
        hint_names(checker, diag, environment->text, &checker->environment_names, "aws-accounts");
    }
}

void check_grants(struct checker *checker, struct access_entry *entry)
{
    for (size_t i = 0; i < entry->grants.count; i++) {
        const struct located *grant = &entry->grants.items[i];
        if (map_get(&checker->policies, grant->text))
            continue;
        entry->incomplete = true;
        struct diag *diag =
            diag_error(checker->diags, grant->span, ID_UNKNOWN_GRANT, "unknown grant '%s'", grant->text);
        hint_names(checker, diag, grant->text, &checker->policy_names, "aws-policies");
    }
}
