/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/merges.h"

#include "base/str.h"
#include "config/config.h"
#include "plan/digest.h"

const struct pull *merge_find_pull(struct arena *arena, struct github *github, const char *branch,
                                   const char *commit_id, const char **ret_why)
{
    struct pulls *pulls = ARENA_NEW(arena, struct pulls);
    const struct pull *found = NULL;
    size_t merged = 0;
    struct err err;
    if (!github) {
        *ret_why = "only a job with a token can ask GitHub for its pull request";
        return NULL;
    }
    *pulls = (struct pulls){0};
    if (pulls_of_commit(arena, github, commit_id, pulls, &err) < 0) {
        *ret_why = arena_strdup(arena, err.message);
        return NULL;
    }
    for (size_t i = 0; i < pulls->count; i++) {
        const struct pull *pull = &pulls->items[i];
        if (!pull->is_merged || (branch && !str_eq(pull->base_branch, branch)))
            continue;
        if (pull->merge_commit_id && str_eq(pull->merge_commit_id, commit_id))
            return pull;
        found = pull;
        merged++;
    }
    *ret_why = merged ? "it belongs to several pull requests" : "no pull request was merged with it";
    return merged == 1 ? found : NULL;
}

void merge_describe(struct arena *arena, const struct all_account_rules *escaped, struct merge *merge)
{
    const struct config *before = merge->before->source.config, *after = merge->after->source.config;
    config_account_rules(arena, &merge->rules, before, after, &merge->accounts);
    const struct digest_input input = {
        .before = before,
        .after = after,
        .rules = &merge->rules,
        .account_rules = &merge->accounts,
    };
    merge->digest = digest_compute(arena, &input);
    merge->binding = merge->accounts;
    if (escaped)
        account_rules_join(arena, &merge->binding, escaped);
}

const char *merge_name(struct arena *arena, const struct merge *merge)
{
    const char *commit_id = merge->after->source.commit_id;
    return merge->pull ? arena_printf(arena, "pull request #%lld (commit %.12s)",
                                      (long long)merge->pull->number, commit_id)
                       : arena_printf(arena, "commit %.12s", commit_id);
}
