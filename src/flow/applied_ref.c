/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/applied_ref.h"

#include "base/str.h"
#include "github/refs.h"

int applied_ref_read(struct arena *arena, const struct applied_ref *ref, const char **ret, struct err *err)
{
    if (!ref->github)
        return applied_read(arena, ref->repo, ret, err);
    if (refs_read(arena, ref->github, APPLIED_REF, ret, err) < 0)
        return err->code == ERR_REFUSED ? err_wrap(err, "the applied ref") : -1;
    return 0;
}

static int moved(const char *now, const char *expected, struct err *err)
{
    return err_set(err, ERR_REFUSED,
                   "%s was %s by another run meanwhile (now %.12s, expected %.12s); see what that run did, and "
                   "run this one again",
                   APPLIED_REF,
                   !now       ? "deleted"
                   : expected ? "moved"
                              : "made",
                   now ? now : "nothing", expected ? expected : "nothing");
}

static int create(struct arena *arena, const struct applied_ref *ref, const char *commit_id, struct err *err)
{
    const char *now;
    struct err reason;
    bool exists;
    if (refs_create(arena, ref->github, APPLIED_REF, commit_id, &exists, err) == 0)
        return 0;
    if (!exists || refs_read(arena, ref->github, APPLIED_REF, &now, &reason) < 0 || !now)
        return -1;
    return str_eq(now, commit_id) ? 0 : moved(now, NULL, err);
}

int applied_ref_write(struct arena *arena, const struct applied_ref *ref, const char *commit_id,
                      const char *expected, struct err *err)
{
    const char *now;
    if (!ref->github)
        return applied_write(ref->repo, commit_id, expected, err);
    if (!expected)
        return create(arena, ref, commit_id, err);
    if (refs_read(arena, ref->github, APPLIED_REF, &now, err) < 0)
        return -1;
    if (now && str_eq(now, commit_id) && !str_eq(commit_id, expected))
        return 0; /* another run did the same */
    if (!now || !str_eq(now, expected))
        return moved(now, expected, err);
    /* GitHub compares nothing: another run may have moved it between two calls. */
    struct err reason;
    int rc = refs_move(arena, ref->github, APPLIED_REF, commit_id, err);
    if (refs_read(arena, ref->github, APPLIED_REF, &now, rc < 0 ? &reason : err) < 0)
        return -1;
    if (now && str_eq(now, commit_id) && (rc == 0 || !str_eq(commit_id, expected)))
        return 0;
    return rc < 0 && now && str_eq(now, expected) ? -1 : moved(now, expected, err);
}

int applied_once_read(struct arena *arena, const struct applied_ref *ref, bool *ret, struct err *err)
{
    const char *there = NULL;
    if (ref->github && refs_read(arena, ref->github, APPLIED_ONCE_REF, &there, err) < 0)
        return -1;
    *ret = ref->github ? there != NULL : repo_has_revision(ref->repo, APPLIED_ONCE_REF);
    return 0;
}

int applied_once_make(struct arena *arena, const struct applied_ref *ref, const char *commit_id,
                      struct err *err)
{
    bool exists;
    if (!ref->github)
        return applied_once_write(ref->repo, commit_id, err);
    if (refs_create(arena, ref->github, APPLIED_ONCE_REF, commit_id, &exists, err) == 0)
        return 0;
    struct err reason;
    return exists && applied_once_read(arena, ref, &exists, &reason) == 0 && exists ? 0 : -1;
}
