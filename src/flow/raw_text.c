/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/raw_text.h"

#include "base/str.h"

#include <string.h>

static const char digits[] = "0123456789";

int raw_text_read(struct arena *arena, struct repo *repo, const struct tree_entry *entry, size_t max_size,
                  const char **ret, struct err *err)
{
    const char *text;
    size_t size;
    *ret = NULL;
    if (entry->kind != ENTRY_FILE)
        return 0;
    if (repo_read_small_blob(arena, repo, entry->id, max_size, &text, &size, err) < 0)
        return -1;
    if (text && strlen(text) == size && !strchr(text, '\\'))
        *ret = text;
    return 0;
}

bool raw_text_next_account(const char **at, uint64_t *ret)
{
    for (*at += strcspn(*at, digits); **at; *at += strcspn(*at, digits)) {
        const char *start = *at;
        uint64_t id = 0;
        for (; **at >= '0' && **at <= '9'; ++*at)
            id = id * 10 + (uint64_t)(**at - '0');
        if (*at - start != ACCOUNT_ID_DIGITS)
            continue;
        *ret = id;
        return true;
    }
    return false;
}

/* An ARN has no white space in it, so that no line of YAML breaks it. */
bool raw_text_names_customer_policy(const char *text)
{
    static const char before[] = ":iam::", behind[] = ":policy/";
    for (const char *at = text; (at = strstr(at, before)); at++) {
        const char *account = at + strlen(before);
        if (strspn(account, digits) == ACCOUNT_ID_DIGITS && str_prefix(account + ACCOUNT_ID_DIGITS, behind))
            return true;
    }
    return false;
}
