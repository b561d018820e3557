/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/lease_role.h"

#include "base/str.h"
#include "base/time.h"
#include "policy/role_mark.h"

#include <assert.h>
#include <string.h>

const char lease_role_deny_name[] = "iamlease-end";

static const char *principal_arn_of(struct arena *arena, const struct settings *settings,
                                    const struct fact *fact)
{
    return arena_printf(arena, "arn:%s:iam::%s:%s/%s", settings->partition, fact->account_id,
                        principal_kind_name(fact->principal_kind), fact->principal);
}

void lease_role_trust(struct arena *arena, const char *sid_prefix, const char *principal_arn,
                      const struct lease_terms *terms, struct document *ret)
{
    struct document source = {0};
    struct statement *statement = VEC_ADD(arena, &source);
    statement->effect = EFFECT_ALLOW;
    strings_add(arena, &statement->principals, arena_printf(arena, "AWS:%s", principal_arn));
    strings_add(arena, &statement->actions, "sts:AssumeRole");
    bool made = lease_document(arena, &source, terms, sid_prefix, ret);
    assert(made); /* the statement has no conditions of its own */
}

void lease_role_deny(struct arena *arena, const char *sid_prefix, int64_t ends_at_s, struct document *ret)
{
    char text[TIME_TEXT_SIZE];
    *ret = (struct document){0};
    struct statement *statement = VEC_ADD(arena, ret);
    statement->sid = arena_printf(arena, "%s1", sid_prefix);
    statement->effect = EFFECT_DENY;
    strings_add(arena, &statement->actions, "*");
    strings_add(arena, &statement->resources, "*");
    struct condition *condition = VEC_ADD(arena, &statement->conditions);
    condition->operator= "DateGreaterThanEquals";
    condition->key = "aws:CurrentTime";
    strings_add(arena, &condition->values, arena_strdup(arena, time_format(ends_at_s, text)));
}

bool lease_role_denies_from(struct arena *arena, const char *sid_prefix, const struct document *deny,
                            int64_t *ret)
{
    struct document wanted;
    const struct statement *statement = deny->items;
    if (deny->count != 1 || statement->conditions.count != 1 ||
        statement->conditions.items[0].values.count != 1 ||
        !time_parse_rfc3339(statement->conditions.items[0].values.items[0], ret))
        return false;
    lease_role_deny(arena, sid_prefix, *ret, &wanted);
    return document_equal(arena, deny, &wanted);
}

void lease_role_compute(struct arena *arena, const struct settings *settings, const char *principal_arn,
                        const struct fact *fact, struct lease_role *ret)
{
    const char *sid_prefix = mark_sid_prefix(arena, settings->owner);
    const struct mark mark = {settings->owner, fact->team, mark_copy_of(arena, fact)};
    const struct lease_terms terms = lease_terms_of(fact);
    *ret = (struct lease_role){
        .name = mark_role_name(arena, settings->policy_path, fact),
        .description = mark_description(arena, fact->policy->description, &mark),
        .mark = role_mark(arena, &mark),
    };
    ret->arn = arena_printf(arena, "arn:%s:iam::%s:role%s%s", settings->partition, fact->account_id,
                            settings->policy_path, ret->name);
    lease_role_trust(arena, sid_prefix,
                     principal_arn ? principal_arn : principal_arn_of(arena, settings, fact), &terms,
                     &ret->trust);
    lease_role_deny(arena, sid_prefix, fact->ends_at_s, &ret->deny);
    ret->trust_json = document_to_json(arena, &ret->trust);
    ret->deny_json = document_to_json(arena, &ret->deny);
}

/* As the value of a parameter; path and name of a role hold no other characters than printable ASCII. */
static const char *url_value(struct arena *arena, const char *text)
{
    static const char digits[] = "0123456789ABCDEF", plain[] = "-._~/";
    char *value = arena_array(arena, strlen(text) * 3 + 1, 1), *to = value;
    for (; *text; text++) {
        const char c = *text;
        const bool is_plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr(plain, c);
        if (is_plain) {
            *to++ = c;
            continue;
        }
        *to++ = '%';
        *to++ = digits[(unsigned char)c >> 4];
        *to++ = digits[(unsigned char)c & 15];
    }
    *to = 0;
    return value;
}

const char *lease_role_url(struct arena *arena, const struct settings *settings, const char *account_id,
                           const char *role_name)
{
    static const struct {
        const char *partition, *host;
    } consoles[] = {
        {"aws-cn", "signin.amazonaws.cn"},
        {"aws-us-gov", "signin.amazonaws-us-gov.com"},
    };
    const char *host = "signin.aws.amazon.com";
    for (size_t i = 0; i < sizeof consoles / sizeof consoles[0]; i++)
        if (str_eq(consoles[i].partition, settings->partition))
            host = consoles[i].host;
    return arena_printf(arena, "https://%s/switchrole?account=%s&roleName=%s", host, account_id,
                        url_value(arena, arena_printf(arena, "%s%s", settings->policy_path + 1, role_name)));
}

bool lease_role_is_possible(const struct fact *fact)
{
    return fact->principal_kind != PRINCIPAL_GROUP;
}

bool lease_role_ends_at(struct arena *arena, const char *trust, int64_t *ret_ends_at_s)
{
    struct document document = {0};
    struct err ignored;
    return document_parse_trust(arena, trust, strlen(trust), &document, &ignored) == 0 &&
           lease_ends_at(&document, ret_ends_at_s);
}
