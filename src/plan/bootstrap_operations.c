/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/bootstrap_operations.h"

#include "base/str.h"
#include "plan/needs.h"
#include "policy/document.h"

#include <string.h>

struct comparing {
    struct arena *arena;
    const struct bootstrap *wanted;
    const struct observed *observed;
    struct plan *plan;
    struct map made;    /* name of a role of the hub account → what makes it: its index + 1 */
    struct map refused; /* name of a role of the hub account → anything: somebody else's */
    bool hub_is_known;
};

void bootstrap_needs(struct arena *arena, const struct bootstrap *wanted, struct needs *ret)
{
    for (size_t i = 0; i < wanted->count; i++) {
        const struct bootstrap_account *account = &wanted->items[i];
        struct account_needs *needs = VEC_ADD(arena, ret);
        needs->account_id = account->account_id;
        needs->providers = account->provider != NULL;
        for (size_t j = 0; j < account->roles.count; j++)
            strings_add(arena, &needs->roles, account->roles.items[j].name);
    }
}

static size_t add(struct comparing *comparing, const struct bootstrap_account *account,
                  struct operation operation)
{
    operation.account_id = account->account_id;
    *VEC_ADD(comparing->arena, &comparing->plan->operations) = operation;
    return comparing->plan->operations.count;
}

/* `needed` is an index + 1, or 0. */
static void add_after(struct comparing *comparing, size_t operation, size_t needed)
{
    if (needed)
        *VEC_ADD(comparing->arena, &comparing->plan->operations.items[operation - 1].after) = needed - 1;
}

static bool is_ours(const struct comparing *comparing, const struct tags *tags)
{
    return tags_within(&comparing->wanted->tags, tags);
}

/* --- the provider ------------------------------------------------------------------------------------------- */

static size_t add_provider(struct comparing *comparing, const struct bootstrap_account *account)
{
    return add(comparing, account,
               (struct operation){.kind = OP_CREATE_PROVIDER,
                                  .provider = account->provider,
                                  .tags = &comparing->wanted->tags,
                                  .reason = "it is missing"});
}

static size_t compare_provider(struct comparing *comparing, const struct bootstrap_account *account,
                               const struct observed_account *is)
{
    const struct oidc_provider *provider = account->provider;
    const struct oidc_provider *live = observed_find_provider(is, provider->url);
    const char *client_id = provider->client_ids.items[0];
    if (!live)
        return add_provider(comparing, account);
    if (strings_contain(&live->client_ids, client_id))
        return 0;
    if (is_ours(comparing, &live->tags))
        return add(comparing, account,
                   (struct operation){.kind = OP_ADD_CLIENT_ID,
                                      .provider = provider,
                                      .reason = "its client id is missing"});
    problem_add(comparing->arena, &comparing->plan->problems, "foreign-provider", account->account_id, NULL,
                "the OIDC provider %s in account %s is not of this bootstrap, and lacks the client id %s",
                provider->url, account->account_id, client_id)
        ->hint = arena_printf(comparing->arena,
                              "add it by hand: aws iam add-client-id-to-open-id-connect-provider "
                              "--open-id-connect-provider-arn %s --client-id %s",
                              provider->arn, client_id);
    return 0;
}

/* --- a role ------------------------------------------------------------------------------------------------- */

typedef int parse_document(struct arena *arena, const char *json, size_t size, struct document *ret,
                           struct err *err);

static bool same_document(struct arena *arena, parse_document *parse, const char *a, const char *b)
{
    struct document first = {0}, second = {0};
    struct err ignored;
    return a && b && parse(arena, a, strlen(a), &first, &ignored) == 0 &&
           parse(arena, b, strlen(b), &second, &ignored) == 0 && document_equal(arena, &first, &second);
}

static struct operation of_role(const struct bootstrap_role *role, enum operation_kind kind,
                                const char *reason)
{
    return (struct operation){.kind = kind,
                              .principal_kind = PRINCIPAL_ROLE,
                              .principal = role->name,
                              .reason = reason};
}

/* It trusts a role of the hub account, which must be there, or be on its way. */
static void wait_for_trusted(struct comparing *comparing, const struct bootstrap_role *role, size_t operation)
{
    if (!role->trusts)
        return;
    size_t *made = map_get(&comparing->made, role->trusts);
    add_after(comparing, operation, made ? *made : 0);
    comparing->plan->operations.items[operation - 1].awaits_principal = comparing->hub_is_known;
}

static size_t put_policy(struct comparing *comparing, const struct bootstrap_account *account,
                         const struct bootstrap_role *role, const char *reason)
{
    struct operation put = of_role(role, OP_PUT_INLINE_POLICY, reason);
    put.policy_name = BOOTSTRAP_POLICY;
    put.document = role->policy;
    return add(comparing, account, put);
}

static size_t create_role(struct comparing *comparing, const struct bootstrap_account *account,
                          const struct bootstrap_role *role, size_t provider)
{
    struct operation create = of_role(role, OP_CREATE_ROLE, "it is missing");
    create.path = "/";
    create.description = role->description;
    create.document = role->trust;
    create.session_s = BOOTSTRAP_SESSION_S;
    create.tags = &comparing->wanted->tags;
    size_t created = add(comparing, account, create);
    add_after(comparing, created, role->trusts ? 0 : provider);
    wait_for_trusted(comparing, role, created);
    size_t put = put_policy(comparing, account, role, "the role is new");
    add_after(comparing, put, created);
    return created;
}

/* What hangs on the role and should not: it would be allowed more than was printed. */
static void remove_others(struct comparing *comparing, const struct bootstrap_account *account,
                          const struct bootstrap_role *role, const struct observed_principal *is)
{
    static const char reason[] = "bootstrap did not give it";
    for (size_t i = 0; i < is->inline_policies.count; i++) {
        struct operation removal = of_role(role, OP_DELETE_INLINE_POLICY, reason);
        removal.policy_name = is->inline_policies.items[i].name;
        removal.document = is->inline_policies.items[i].document;
        if (!str_eq(removal.policy_name, BOOTSTRAP_POLICY))
            add(comparing, account, removal);
    }
    for (size_t i = 0; i < is->attached.count; i++) {
        struct operation removal = of_role(role, OP_DETACH_POLICY, reason);
        removal.policy_arn = is->attached.items[i];
        add(comparing, account, removal);
    }
}

static const char *inline_document(const struct observed_principal *role)
{
    for (size_t i = 0; i < role->inline_policies.count; i++)
        if (str_eq(role->inline_policies.items[i].name, BOOTSTRAP_POLICY))
            return role->inline_policies.items[i].document;
    return NULL;
}

static void change_role(struct comparing *comparing, const struct bootstrap_account *account,
                        const struct bootstrap_role *role, const struct observed_principal *is,
                        size_t provider)
{
    const char *policy = inline_document(is);
    if (!same_document(comparing->arena, document_parse_trust, is->trust, role->trust)) {
        struct operation update = of_role(role, OP_UPDATE_TRUST, "it trusts others, or another way");
        update.document = role->trust;
        size_t updated = add(comparing, account, update);
        add_after(comparing, updated, role->trusts ? 0 : provider);
        wait_for_trusted(comparing, role, updated);
    }
    if (!same_document(comparing->arena, document_parse, policy, role->policy))
        put_policy(comparing, account, role, policy ? "its policy is another one" : "its policy is missing");
    if (is->details->session_s != BOOTSTRAP_SESSION_S || !str_eq(is->details->description, role->description)) {
        struct operation update =
            of_role(role, OP_UPDATE_ROLE, "its description or the length of its sessions");
        update.description = role->description;
        update.session_s = BOOTSTRAP_SESSION_S;
        add(comparing, account, update);
    }
    remove_others(comparing, account, role, is);
    if (is->boundary)
        *VEC_ADD(comparing->arena, &comparing->plan->notices) = arena_printf(
            comparing->arena,
            "role '%s' in account %s has the permissions boundary %s, which is not of bootstrap: it stays, and "
            "the role can do only what it lets through",
            role->name, account->account_id, is->boundary);
}

static void refuse_role(struct comparing *comparing, const struct bootstrap_account *account,
                        const struct bootstrap_role *role, const struct observed_principal *is)
{
    const struct tag *tag = &comparing->wanted->tags.items[0];
    const char *owner = tags_get(&is->details->tags, tag->key);
    problem_add(comparing->arena, &comparing->plan->problems, "foreign-role", account->account_id, NULL,
                "role '%s' in account %s %s%s%s", role->name, account->account_id,
                owner ? "is of the bootstrap of the owner '" : "was not made by bootstrap",
                owner ? owner : "", owner ? "'" : "")
        ->hint = arena_printf(
        comparing->arena,
        "take another name in iamlease.yaml; or, to hand it over, 'aws iam tag-role --role-name %s "
        "--tags Key=%s,Value=%s'",
        role->name, tag->key, tag->value);
}

/* False: what stands there is not ours, or trust in it would go to somebody else. */
static bool may_touch(struct comparing *comparing, const struct bootstrap_account *account,
                      const struct bootstrap_role *role, const struct observed_principal *live)
{
    struct problems *problems = &comparing->plan->problems;
    if (role->trusts && map_get(&comparing->refused, role->trusts)) {
        problem_add(
            comparing->arena, problems, "foreign-trust", account->account_id, NULL,
            "role '%s' in account %s stays as it is, or is not made: it would trust role '%s' of the hub, "
            "which is not of this bootstrap",
            role->name, account->account_id, role->trusts)
            ->hint = "solve the problem of that role first";
        return false;
    }
    if (live && live->arn && !str_suffix(live->arn, arena_printf(comparing->arena, ":role/%s", live->name))) {
        problem_add(comparing->arena, problems, "foreign-role", account->account_id, NULL,
                    "role '%s' in account %s stands at another path than /", role->name, account->account_id)
            ->hint = "delete it, or take another name in iamlease.yaml";
        return false;
    }
    if (live && !is_ours(comparing, &live->details->tags)) {
        refuse_role(comparing, account, role, live);
        return false;
    }
    return true;
}

static void compare_role(struct comparing *comparing, const struct bootstrap_account *account,
                         const struct bootstrap_role *role, const struct observed_account *is, size_t provider)
{
    const struct observed_principal *live = observed_find_principal(is, PRINCIPAL_ROLE, role->name);
    const bool is_of_hub = account == &comparing->wanted->items[0];
    if (!may_touch(comparing, account, role, live)) {
        if (is_of_hub)
            map_put(&comparing->refused, role->name, comparing);
        return;
    }
    if (live) {
        change_role(comparing, account, role, live, provider);
        return;
    }
    size_t *made = ARENA_NEW(comparing->arena, size_t);
    *made = create_role(comparing, account, role, provider);
    if (is_of_hub)
        map_put(&comparing->made, role->name, made);
}

static void compare_account(struct comparing *comparing, const struct bootstrap_account *account)
{
    const struct observed_account *is = observed_find_account(comparing->observed, account->account_id);
    const char *error = is ? is->error : "it was not read";
    if (error) {
        problem_add(comparing->arena, &comparing->plan->problems, "account-unreachable", account->account_id,
                    NULL, "account %s: %s", account->account_id, error);
        return;
    }
    comparing->hub_is_known |= account->provider != NULL;
    size_t provider = account->provider ? compare_provider(comparing, account, is) : 0;
    for (size_t i = 0; i < account->roles.count; i++)
        compare_role(comparing, account, &account->roles.items[i], is, provider);
}

void bootstrap_operations(struct arena *arena, const struct bootstrap *wanted,
                          const struct observed *observed, struct plan *plan)
{
    struct comparing comparing = {.arena = arena,
                                  .wanted = wanted,
                                  .observed = observed,
                                  .plan = plan,
                                  .made = map_new(arena),
                                  .refused = map_new(arena)};
    for (size_t i = 0; i < wanted->count; i++)
        compare_account(&comparing, &wanted->items[i]);
}
