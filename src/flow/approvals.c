/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/approvals.h"

#include "base/str.h"
#include "flow/fetching.h"
#include "plan/digest.h"

/* The digest of what the pull request's last commit changes, by the rules that judge the merge. */
static int digest_of_head(const struct step_reader *reader, const struct merge *merge, const char **ret,
                          struct err *err)
{
    struct arena *arena = reader->arena;
    const char *head_id = merge->pull->head_id, *base_id;
    struct step base = step_nothing(arena), head;
    const char *parent_id = merge->before->source.commit_id;
    if (!parent_id)
        return err_set(
            err, ERR_REFUSED,
            "this is the first apply: what is declared was never compared with what was applied before");
    if (fetch_merge_base(arena, reader->github, parent_id, head_id, &base_id, err) < 0 ||
        step_read(reader, base_id, merge->before, &base, err) < 0 ||
        step_read(reader, head_id, &base, &head, err) < 0)
        return -1;
    if (!base.source.config || !head.source.config)
        return err_set(err, ERR_REFUSED, "the files of its last commit cannot be read");
    const struct digest_input input = {
        .before = base.source.config,
        .after = head.source.config,
        .rules = &merge->rules,
        .account_rules = &merge->accounts,
    };
    *ret = digest_compute(arena, &input);
    return 0;
}

/* Whether a later review of that person follows. What is only a comment takes nothing back. */
static bool is_latest(const struct reviews *reviews, size_t index)
{
    for (size_t i = index + 1; i < reviews->count; i++)
        if (reviews->items[i].login && reviews->items[i].state != REVIEW_OTHER &&
            str_casecmp(reviews->items[i].login, reviews->items[index].login) == 0)
            return false;
    return true;
}

static bool is_among(const struct strings *logins, const char *login)
{
    for (size_t i = 0; i < logins->count; i++)
        if (str_casecmp(logins->items[i], login) == 0)
            return true;
    return false;
}

struct counting {
    const struct step_reader *reader;
    const struct merge *merge;
    const struct strings *named;
    struct strings people; /* author of the pull request, authors and committers of its commits */
    struct approvals *ret;
};

/* Why an approval does not count, or NULL: it does. */
static const char *weigh(struct counting *counting, const struct review *review, struct err *err)
{
    struct arena *arena = counting->reader->arena;
    bool may_write;
    if (!review->commit_id || !str_eq(review->commit_id, counting->merge->pull->head_id))
        return arena_printf(arena, "%s approved an earlier commit", review->login);
    if (is_among(&counting->people, review->login))
        return arena_printf(arena, "%s wrote a part of it", review->login);
    if (is_among(counting->named, review->login))
        return arena_printf(arena, "%s is granted something by it", review->login);
    if (pull_may_write(arena, counting->reader->github, review->login, &may_write, err) < 0)
        return arena_strdup(arena, err->message);
    return may_write ? NULL : arena_printf(arena, "%s may not write to the repository", review->login);
}

static void count(struct counting *counting, const struct reviews *reviews)
{
    struct err err;
    counting->ret->why = "nobody else approved it";
    for (size_t i = 0; i < reviews->count; i++) {
        const struct review *review = &reviews->items[i];
        if (!review->login || review->state != REVIEW_APPROVED || !is_latest(reviews, i))
            continue;
        const char *why = weigh(counting, review, &err);
        counting->ret->count += !why;
        counting->ret->why = why ? why : counting->ret->why;
    }
}

static int find_people(struct counting *counting, struct err *err)
{
    const struct pull *pull = counting->merge->pull;
    const char *unknown;
    if (!pull->author)
        return err_set(err, ERR_REFUSED, "its author has no account any more");
    strings_add(counting->reader->arena, &counting->people, pull->author);
    if (pull_people(counting->reader->arena, counting->reader->github, pull->number, &counting->people,
                    &unknown, err) < 0)
        return -1;
    if (unknown)
        return err_set(err, ERR_REFUSED,
                       "GitHub does not know whose the commit %.12s is: nobody can tell whether they approve it "
                       "themselves",
                       unknown);
    return 0;
}

struct approvals approvals_find(const struct step_reader *reader, const struct merge *merge,
                                const struct strings *named)
{
    struct approvals approvals = {0};
    struct counting counting = {.reader = reader, .merge = merge, .named = named, .ret = &approvals};
    struct reviews reviews = {0};
    const char *digest = "";
    struct err err;
    if (!merge->pull) {
        approvals.why = merge->no_pull;
        return approvals;
    }
    if (pull_reviews(reader->arena, reader->github, merge->pull->number, &reviews, &err) < 0 ||
        find_people(&counting, &err) < 0 || digest_of_head(reader, merge, &digest, &err) < 0) {
        approvals.why = arena_strdup(reader->arena, err.message);
        return approvals;
    }
    if (!str_eq(digest, merge->digest)) {
        approvals.why = arena_printf(reader->arena,
                                     "what was merged is not what its last commit %.12s, which could be "
                                     "approved, changes",
                                     merge->pull->head_id);
        return approvals;
    }
    count(&counting, &reviews);
    return approvals;
}

bool label_allows_removals(struct arena *arena, struct github *github, const struct labelled_pull *pull,
                           const char **ret_why)
{
    const char *actor;
    struct err err;
    *ret_why = "it has not the label " LABEL_REMOVALS_OK;
    if (!strings_contain(pull->labels, LABEL_REMOVALS_OK))
        return false;
    if (pull_label_actor(arena, github, pull->number, LABEL_REMOVALS_OK, &actor, &err) < 0) {
        *ret_why = arena_strdup(arena, err.message);
        return false;
    }
    bool is_allowed = actor && pull->author && str_casecmp(actor, pull->author) != 0;
    *ret_why = is_allowed ? NULL : "nobody but its author is known to have set the label " LABEL_REMOVALS_OK;
    return is_allowed;
}

bool approvals_allow_removals(const struct step_reader *reader, const struct merge *merge,
                              const char **ret_why)
{
    *ret_why = merge->no_pull;
    if (!merge->pull)
        return false;
    const struct labelled_pull pull = {merge->pull->number, merge->pull->author, &merge->pull->labels};
    return label_allows_removals(reader->arena, reader->github, &pull, ret_why);
}
