/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/observe_copied.h"

#include "aws/readback.h"
#include "base/str.h"
#include "policy/copy_tag.h"
#include "policy/ownership.h"

#include <string.h>

struct copied {
    struct arena *arena;
    struct aws *aws;
    struct observed_account *account;
    struct map *known;
    size_t next;
    observe_copied_done *done;
    void *context;
};

/* "v12" at the beginning of a text that goes on with what ends a Sid; NULL: no version is written so. */
static const char *version_at(struct arena *arena, const char *text)
{
    const size_t digits = *text == 'v' ? strspn(text + 1, "0123456789") : 0;
    return digits && text[1 + digits] == '"' ? arena_strndup(arena, text, 1 + digits) : NULL;
}

/* Whatever the text stands in: at worst a version is read that nobody asks for. */
static void collect(struct copied *copied, const struct observed_source *source, const char *document)
{
    const char *tag = copy_tag(copied->arena, source->arn);
    const char *now = copy_tag_version(copied->arena, source->version_id);
    for (const char *at = strstr(document, tag); at; at = strstr(at, tag)) {
        at += strlen(tag);
        const char *version = version_at(copied->arena, at);
        if (version && !str_eq(version, now) && !observed_find_copied(copied->account, source->arn, version))
            *VEC_ADD(copied->arena, &copied->account->copied) =
                (struct observed_copied){.arn = source->arn, .version_id = version};
    }
}

static void read_next(struct copied *copied);

static const char *key_of(struct arena *arena, const struct observed_copied *version)
{
    return arena_printf(arena, "%s %s", version->arn, version->version_id);
}

static void on_version(void *context, const struct readback *readback, const struct outcome *outcome)
{
    (void)outcome; /* that it cannot be read is all that counts */
    struct copied *copied = context;
    struct observed_copied *version = &copied->account->copied.items[copied->next++];
    version->document = readback->status == READBACK_FOUND ? readback->document : NULL;
    if (version->document && policy_arn_is_of_aws(version->arn)) {
        struct observed_copied *known = ARENA_NEW(copied->arena, struct observed_copied);
        *known = *version;
        map_put(copied->known, key_of(copied->arena, version), known);
    }
    read_next(copied);
}

static void read_next(struct copied *copied)
{
    while (copied->next < copied->account->copied.count) {
        struct observed_copied *version = &copied->account->copied.items[copied->next];
        const struct observed_copied *known = map_get(copied->known, key_of(copied->arena, version));
        if (!known) {
            readback_policy_version(copied->arena, copied->aws, copied->account->account_id, version->arn,
                                    version->version_id, on_version, copied);
            return;
        }
        *version = *known;
        copied->next++;
    }
    copied->done(copied->context);
}

void observe_copied(struct arena *arena, struct aws *aws, struct observed_account *account, struct map *known,
                    observe_copied_done *done, void *context)
{
    struct copied *copied = ARENA_NEW(arena, struct copied);
    *copied = (struct copied){
        .arena = arena,
        .aws = aws,
        .account = account,
        .known = known,
        .done = done,
        .context = context,
    };
    for (size_t i = 0; i < account->sources.count; i++)
        for (size_t j = 0; !account->sources.items[i].error && j < account->policies.count; j++)
            if (account->policies.items[j].document)
                collect(copied, &account->sources.items[i], account->policies.items[j].document);
    read_next(copied);
}
