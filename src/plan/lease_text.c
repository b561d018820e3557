/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/lease_text.h"

#include "base/str.h"
#include "policy/document.h"

static bool is_of(const struct lease_text *text, const struct policy_decl *policy,
                  const struct lease_terms *terms, const char *sid_prefix)
{
    return text->policy == policy && text->terms.ends_at_s == terms->ends_at_s &&
           text->terms.starts_at_s == terms->starts_at_s && text->terms.require_mfa == terms->require_mfa &&
           str_eq(text->sid_prefix, sid_prefix);
}

const struct lease_text *lease_text_of(struct arena *arena, struct lease_texts *texts,
                                       const struct fact *fact, const char *sid_prefix)
{
    const struct lease_terms terms = lease_terms_of(fact);
    for (size_t i = 0; i < LEASE_TEXTS_MAX && i < texts->asked; i++)
        if (is_of(&texts->items[i], fact->policy, &terms, sid_prefix))
            return &texts->items[i];
    CLEANUP(arena_freep) struct arena *scratch = arena_new();
    struct document document = {0};
    struct lease_text *text = &texts->items[texts->asked++ % LEASE_TEXTS_MAX];
    *text = (struct lease_text){.policy = fact->policy,
                                .sid_prefix = sid_prefix,
                                .terms = terms,
                                .ends_at_s = INT64_MAX};
    if (lease_document(scratch, &fact->policy->custom, &terms, sid_prefix, &document)) {
        text->json = document_to_json(arena, &document);
        text->size = document_measure(text->json);
        if (!lease_ends_at(&document, &text->ends_at_s))
            text->ends_at_s = INT64_MAX;
    }
    return text;
}
