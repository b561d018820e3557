/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/approved_plan.h"

#include "base/json.h"
#include "base/str.h"
#include "policy/mark.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 64 * 1024 * 1024 };

static int read_text(const char *path, struct buf *text, struct err *err)
{
    char piece[16 * 1024];
    FILE *file = fopen(path, "re");
    if (!file)
        return err_set(err, ERR_IO, "cannot read the plan '%s': %s", path, strerror(errno));
    for (size_t size; !text->failed && (size = fread(piece, 1, sizeof piece, file)) > 0;)
        buf_add(text, piece, size);
    int rc = 0;
    if (ferror(file))
        rc = err_set(err, ERR_IO, "cannot read the plan '%s': %s", path, strerror(errno));
    else if (text->failed)
        rc = err_set(err, ERR_INPUT, "the plan '%s' is larger than %d MiB", path, FILE_MAX >> 20);
    fclose(file);
    return rc;
}

static int take_sources(struct arena *arena, const char *path, const struct json *json,
                        struct plan_sources *ret, struct err *err)
{
    const char *format = json_get_string(json, "format");
    const struct json *version = json_get(json, "version"), *sources = json_get(json, "sources");
    if (!format || !str_eq(format, "iamlease/plan") || !version || version->kind != JSON_NUMBER ||
        (int)version->number != 1 || !sources || sources->kind != JSON_ARRAY)
        return err_set(err, ERR_INPUT, "'%s' is not a plan that 'iamlease plan --out' of this version wrote",
                       path);
    for (size_t i = 0; i < sources->count; i++) {
        const struct json *item = &sources->items[i];
        const struct plan_source source = {
            .account_id = json_get_string(item, "account_id"),
            .arn = json_get_string(item, "arn"),
            .version_id = json_get_string(item, "version_id"),
        };
        if (!source.account_id || !source.arn || !source.version_id)
            return err_set(err, ERR_INPUT, "the plan '%s' has a source that lacks account, ARN or version",
                           path);
        *VEC_ADD(arena, ret) = source;
    }
    return 0;
}

int approved_plan_read(struct arena *arena, const char *path, struct plan_sources *ret, struct err *err)
{
    struct buf text;
    struct json *json;
    struct err reason;
    *ret = (struct plan_sources){0};
    buf_init(&text, FILE_MAX);
    int rc = read_text(path, &text, err);
    if (rc == 0 && json_parse(arena, text.bytes, text.size, &json, &reason) < 0)
        rc = err_set(err, ERR_INPUT, "the plan '%s' cannot be read: %s", path, reason.message);
    if (rc == 0)
        rc = take_sources(arena, path, json, ret, err);
    buf_free(&text);
    return rc;
}

/* The first policy of which another version would be copied than was approved, or NULL. */
static const struct plan_source *find_moved(const struct plan_sources *approved, const struct fact *fact,
                                            const struct observed_account *account,
                                            const struct observed_source **ret_now)
{
    for (size_t i = 0; i < fact->policy->managed_policies.count; i++) {
        const char *arn = fact->policy->managed_policies.items[i].text;
        *ret_now = observed_find_source(account, arn);
        for (size_t j = 0; *ret_now && !(*ret_now)->error && j < approved->count; j++) {
            const struct plan_source *source = &approved->items[j];
            if (str_eq(source->account_id, fact->account_id) && str_eq(source->arn, arn) &&
                !str_eq(source->version_id, (*ret_now)->version_id))
                return source;
        }
    }
    return NULL;
}

/*
 * A lease that is there keeps what it copied, whatever the source says now; one that is a role, too: it has
 * the policy itself, whatever its version.
 */
static bool is_there(struct arena *arena, const struct observed_account *account, const struct fact *fact,
                     const struct settings *settings)
{
    const char *role = mark_role_name(arena, settings->policy_path, fact);
    return observed_find_policy(account, mark_copy_name(arena, fact, 1)) ||
           observed_find_principal(account, PRINCIPAL_ROLE, role);
}

static bool hold(const struct run *run, const struct plan_sources *approved, const struct fact *fact,
                 const struct findings *findings, struct problems *problems)
{
    const struct observed_source *now;
    const struct observed_account *account = observed_find_account(&findings->observed, fact->account_id);
    if (fact->kind != ACCESS_LEASE || fact->mode == MODE_ROLE || !account || account->error)
        return false;
    const struct plan_source *moved = find_moved(approved, fact, account, &now);
    if (!moved || is_there(run->arena, account, fact, &findings->head.config->settings))
        return false;
    struct fact *held = ARENA_NEW(run->arena, struct fact);
    *held = *fact;
    problem_add(run->arena, problems, "source-moved", NULL, held,
                "%s is at version %s; the plan that was approved was to copy version %s", moved->arn,
                now->version_id, moved->version_id)
        ->hint = "look at what the policy allows now, plan again, and apply with that plan";
    return true;
}

void approved_plan_hold(const struct run *run, const struct plan_sources *approved, struct findings *findings,
                        struct problems *problems)
{
    struct facts *desired = &findings->desired, *held = &findings->history.held;
    size_t kept = 0;
    for (size_t i = 0; i < desired->count; i++) {
        const struct fact fact = desired->items[i];
        if (hold(run, approved, &fact, findings, problems))
            *VEC_ADD(run->arena, held) = fact;
        else
            desired->items[kept++] = fact;
    }
    if (desired->count != kept)
        facts_sort(held);
    desired->count = kept;
}
