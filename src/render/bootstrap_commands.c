/* SPDX-License-Identifier: Apache-2.0 */
/* Commands for the AWS CLI, in the language of a POSIX shell. */
#include "base/str.h"
#include "render/escape.h"
#include "render/render.h"

/* One word of the shell, whatever is in it: between single quotes nothing but these means something. */
static void add_word(struct buf *out, const char *text)
{
    RAW(out, " '");
    for (; *text; text++)
        if (*text == '\'')
            RAW(out, "'\\''");
        else
            buf_add_char(out, *text);
    RAW(out, "'");
}

static void add_option(struct buf *out, const char *option, const char *value)
{
    buf_addf(out, " \\\n    --%s", option);
    add_word(out, value);
}

/* The shorthand syntax of the CLI takes neither commas nor blanks; an owner has none. */
static void add_tags(struct buf *out, const struct tags *tags)
{
    RAW(out, " \\\n    --tags");
    for (size_t i = 0; i < tags->count; i++) {
        struct buf pair;
        buf_init(&pair, SIZE_MAX / 4);
        buf_addf(&pair, "Key=%s,Value=%s", tags->items[i].key, tags->items[i].value);
        add_word(out, pair.bytes);
        buf_free(&pair);
    }
    RAW(out, "\n");
}

static void add_provider(struct buf *out, const struct oidc_provider *provider, const struct tags *tags)
{
    RAW(out, "aws iam create-open-id-connect-provider \\\n    --url");
    struct buf url;
    buf_init(&url, SIZE_MAX / 4);
    buf_addf(&url, "https://%s", provider->url);
    add_word(out, url.bytes);
    buf_free(&url);
    RAW(out, " \\\n    --client-id-list");
    for (size_t i = 0; i < provider->client_ids.count; i++)
        add_word(out, provider->client_ids.items[i]);
    add_tags(out, tags);
}

static void add_role(struct buf *out, const struct bootstrap_role *role, const struct tags *tags)
{
    RAW(out, "aws iam create-role");
    add_option(out, "role-name", role->name);
    add_option(out, "description", role->description);
    buf_addf(out, " \\\n    --max-session-duration %d", BOOTSTRAP_SESSION_S);
    add_option(out, "assume-role-policy-document", role->trust);
    add_tags(out, tags);
    RAW(out, "aws iam wait role-exists");
    add_option(out, "role-name", role->name);
    RAW(out, "\naws iam put-role-policy");
    add_option(out, "role-name", role->name);
    add_option(out, "policy-name", BOOTSTRAP_POLICY);
    add_option(out, "policy-document", role->policy);
    RAW(out, "\n");
}

/* In a shell of its own, which ends where the credentials are of another account; also when it is pasted. */
static void begin_part(struct buf *out, const struct bootstrap_account *account)
{
    buf_addf(out, "\n# account %s%s\n(\n", account->account_id, account->provider ? ", the hub" : "");
    RAW(out, "if [ \"$(aws sts get-caller-identity --query Account --output text)\" !=");
    add_word(out, account->account_id);
    RAW(out, " ]; then\n    echo");
    struct buf message;
    buf_init(&message, SIZE_MAX / 4);
    buf_addf(&message, "account %s: nothing is made, the credentials are of another one", account->account_id);
    add_word(out, message.bytes);
    buf_free(&message);
    RAW(out, " >&2\n    exit 1\nfi\n");
}

void render_bootstrap_commands(struct buf *out, const struct bootstrap *bootstrap)
{
    RAW(out,
        "# Run it with credentials of each account, the hub first: each part is for one, and does nothing in another.\n"
        "# A role that trusts one of the hub may need half a minute until that is known everywhere:\n"
        "# where AWS says \"Invalid principal in policy\", run it again.\n");
    for (size_t i = 0; i < bootstrap->count; i++) {
        const struct bootstrap_account *account = &bootstrap->items[i];
        begin_part(out, account);
        if (account->provider)
            add_provider(out, account->provider, &bootstrap->tags);
        for (size_t j = 0; j < account->roles.count; j++)
            add_role(out, &account->roles.items[j], &bootstrap->tags);
        RAW(out, ")\n");
    }
}
