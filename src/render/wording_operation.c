/* SPDX-License-Identifier: Apache-2.0 */
/* Phrases about calls, and about the objects that they are for. */
#include "base/time.h"
#include "render/escape.h"
#include "render/wording.h"

/* What an operation works on, and the word that stands between it and the principal. */
static const struct {
    bool by_name; /* policy_name, with its path where it has one; otherwise policy_arn */
    const char *preposition;
} objects[OP_KIND_COUNT] = {
    [OP_CREATE_POLICY] = {true, NULL},
    [OP_DELETE_POLICY_VERSION] = {false, NULL},
    [OP_CREATE_POLICY_VERSION] = {false, NULL},
    [OP_ATTACH_POLICY] = {false, " to "},
    [OP_PUT_INLINE_POLICY] = {true, " on "},
    [OP_DETACH_POLICY] = {false, " from "},
    [OP_DELETE_INLINE_POLICY] = {true, " from "},
    [OP_DELETE_POLICY] = {false, NULL},
    [OP_CREATE_ROLE] = {false, NULL},
    [OP_UPDATE_TRUST] = {false, NULL},
    [OP_DELETE_ROLE] = {false, NULL},
    [OP_PUT_BOUNDARY] = {false, NULL},
    [OP_DELETE_BOUNDARY] = {false, NULL},
    [OP_UPDATE_ROLE] = {false, NULL},
    [OP_TAG_ROLE] = {false, NULL},
    [OP_UNTAG_ROLE] = {false, NULL},
    [OP_CREATE_PROVIDER] = {false, NULL},
    [OP_ADD_CLIENT_ID] = {false, " to "},
    [OP_REMOVE_CLIENT_ID] = {false, " from "},
    [OP_UPDATE_THUMBPRINTS] = {false, NULL},
    [OP_TAG_PROVIDER] = {false, NULL},
    [OP_UNTAG_PROVIDER] = {false, NULL},
    [OP_DELETE_PROVIDER] = {false, NULL},
    [OP_TAG_POLICY] = {false, NULL},
};

/* The policy: by its name, with its path where it has one, or by its ARN. */
static void add_policy(struct buf *out, const struct language *language, const struct operation *operation)
{
    struct buf joined;
    if (!objects[operation->kind].by_name && operation->policy_arn) {
        wording_policy(out, language, operation->policy_arn, operation->account_id);
        return;
    }
    buf_init(&joined, SIZE_MAX / 4);
    if (operation->path)
        buf_add_text(&joined, operation->path + (operation->path[0] == '/'));
    buf_add_text(&joined, operation->policy_name ? operation->policy_name : operation->principal);
    language->name(out, joined.bytes);
    buf_free(&joined);
}

/* Where the operation has a preposition: one of its client ids. */
static void add_provider(struct buf *out, const struct language *language, const struct operation *operation)
{
    const struct oidc_provider *provider = operation->provider;
    const char *preposition = objects[operation->kind].preposition;
    if (preposition) {
        language->name(out, provider->client_ids.items[0]);
        buf_add_text(out, preposition);
        RAW(out, "OIDC provider ");
    }
    language->name(out, provider->url);
}

static void add_principal(struct buf *out, const struct language *language, const struct operation *operation,
                          const char *preposition)
{
    if (!operation->principal)
        return;
    buf_add_text(out, preposition);
    wording_principal(out, language, operation->principal_kind, operation->principal, NULL);
}

static void add_end(struct buf *out, const struct operation *operation, bool is_over)
{
    char end[TIME_TEXT_SIZE];
    if (operation->ends_at_s)
        buf_addf(out, is_over ? " (was until %s)" : " (until %s)", time_format(operation->ends_at_s, end));
}

void wording_operation(struct buf *out, const struct language *language, const struct operation *operation)
{
    const char *preposition = objects[operation->kind].preposition;
    buf_addf(out, "%s ", operation_info(operation->kind)->title);
    if (operation->version_id) {
        language->name(out, operation->version_id);
        RAW(out, " of ");
    }
    if (operation->provider)
        add_provider(out, language, operation);
    else
        add_policy(out, language, operation);
    if (preposition)
        add_principal(out, language, operation, preposition);
    add_end(out, operation, operation_info(operation->kind)->removes);
}

void wording_drift(struct buf *out, const struct language *language, const struct drift_row *row)
{
    const struct operation *operation = row->operation;
    if (!operation) {
        language->sentence(out, row->message);
        return;
    }
    if (operation->provider) {
        RAW(out, "OIDC provider ");
        language->name(out, operation->provider->url);
        return;
    }
    bool is_inline = operation->kind == OP_PUT_INLINE_POLICY || operation->kind == OP_DELETE_INLINE_POLICY;
    bool is_attachment = operation->kind == OP_ATTACH_POLICY || operation->kind == OP_DETACH_POLICY;
    bool is_role = !is_inline && !is_attachment && !operation->policy_name && !operation->policy_arn;
    buf_add_text(out, is_role         ? "role "
                      : is_inline     ? "inline policy "
                      : is_attachment ? "attachment of "
                                      : "policy ");
    add_policy(out, language, operation);
    if (!is_role)
        add_principal(out, language, operation, is_attachment ? " to " : " of ");
    add_end(out, operation, row->kind == DRIFT_ENDED);
}

const char *wording_drift_kind(enum drift_kind kind)
{
    static const char *const phrases[DRIFT_KIND_COUNT] = {
        [DRIFT_CHANGED] = "changed by hand",  [DRIFT_UNDECLARED] = "not declared",
        [DRIFT_ENDED] = "ended, still there", [DRIFT_MISSING] = "missing",
        [DRIFT_FOREIGN] = "name taken",       [DRIFT_PRINCIPAL] = "no such principal",
        [DRIFT_RECREATED] = "made again",     [DRIFT_SOURCE] = "copied policy changed",
    };
    return phrases[kind];
}
