/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The phrases that all outputs share, so that a person, an account or an end reads the same in a plan, a
 * report and a comment. A phrase is written in a language, which knows how a name and how a sentence from
 * outside are escaped.
 */
#ifndef IAMLEASE_RENDER_WORDING_H
#define IAMLEASE_RENDER_WORDING_H

#include "base/buf.h"
#include "model/plan.h"

struct language {
    void (*name)(struct buf *out, const char *text);     /* a value as somebody wrote it */
    void (*sentence)(struct buf *out, const char *text); /* a sentence that may hold such values */
    const char *open, *close; /* around what explains the words before: " (" and ")" */
    const char *next;         /* between two statements: ", " */
    const char *from;         /* before a start: "from " */
    const char *until;        /* before an end, where no heading says so: "until " */
    const char *was_until;    /* before a former end: "was until " */
    const char *day_ends;     /* between date and time of an instant: "T" */
    const char *space;        /* within a duration, which must not be broken */
    const char *ages, *aged;  /* around what the clock makes untrue (aging.h), or "" */
};

/*
 * language_cell is Markdown in a table cell, where an explanation gets a line of its own. So does the time of
 * an instant: GitHub's tables are narrow, browsers break a date at its dashes, and GitHub lets no style or
 * <nobr> through; a duration that is not broken makes the column wide enough. It marks what ages.
 * language_html is HTML within Markdown, such as the line of a <summary>.
 */
extern const struct language language_terminal, language_markdown, language_cell, language_html;

/* "1 error", "3 errors" */
void wording_count(struct buf *out, size_t count, const char *one, const char *many);

/* "1 error, 3 warnings", "3 warnings"; one of them must be there. */
void wording_errors(struct buf *out, size_t errors, size_t warnings);

/* "bert@example.com (IAM user bert)", "user bert", "role Deployer"; `declared_as` may be NULL. */
void wording_principal(struct buf *out, const struct language *language, enum principal_kind kind,
                       const char *name, const char *declared_as);

/* The same of a fact; of one that is an OIDC provider: "OIDC provider token.actions.githubusercontent.com". */
void wording_holder(struct buf *out, const struct language *language, const struct fact *fact);

/* "prod (345678901234)"; the environment may be NULL: "345678901234". */
void wording_account(struct buf *out, const struct language *language, const char *environment,
                     const char *account_id);

/* "payments/dev.read-only" */
void wording_grant(struct buf *out, const struct language *language, const char *team, const char *grant);

/*
 * A managed policy in `account_id`: "iamlease/payments-dev-read-only", "ReadOnlyAccess (AWS managed)": the
 * path and the name, which together with the account say as much as the ARN. Anything else is shown as it
 * is.
 */
void wording_policy(struct buf *out, const struct language *language, const char *arn, const char *account_id);

/*
 * "until 2025-12-01T00:00:00Z (in 4 days 15 hours)", "until 2025-12-01T00:00:00Z (2 hours ago)"; "no end"
 * for 0.
 */
void wording_end(struct buf *out, const struct language *language, int64_t ends_at_s, int64_t now_s);

/*
 * When a row's access begins, where it has a start, when it ends, and when it did before: "from … (in …),
 * until … (in …), was until …", "ends on apply, had no end". Of what is held: when what stays ends, and which
 * end was asked for.
 */
void wording_term(struct buf *out, const struct language *language, const struct delta_row *row,
                  int64_t now_s);

/*
 * What a fact lets its principal do, for who does not know the policy by its name: the actions of its Allow
 * statements and its managed policies, a few of them; of an ad-hoc grant the resources too. "s3:GetObject,
 * all but iam:*, ReadOnlyAccess (AWS managed) and more". Nothing when that is not known.
 */
void wording_allows(struct buf *out, const struct language *language, const struct fact *fact);

/*
 * How the policy behind a row changes, in lines: "gains s3:GetObject, ReadOnlyAccess (AWS managed)", "reaches
 * arn:…", "condition added: …". False, and nothing is written: there is nothing to say in that line.
 */
enum { POLICY_LINES = 10 };
bool wording_policy_line(struct buf *out, const struct language *language, const struct delta_row *row,
                         size_t line);

/* Whether the policies behind two rows change in the same way, as far as those lines say. */
bool rows_change_alike(const struct delta_row *a, const struct delta_row *b);

/* "grant", "held": what happens to the access of a row. */
const char *wording_change(enum change_kind kind);

/* "setting", "account changed": the kind of a side change. */
void wording_side_kind(struct buf *out, const struct language *language, const struct side_change *change);

/* "main (1a2b3c4)"; only the id where the name is the id; only the name where there is no commit. */
void wording_commit(struct buf *out, const struct language *language, const char *name, const char *id);

/*
 * "attach policy iamlease/payments-dev-read-only to user bert", "put inline policy temp-… on user bert
 * (until …)"
 */
void wording_operation(struct buf *out, const struct language *language, const struct operation *operation);

/*
 * What drift is about: "policy iamlease/payments-dev-read-only on user bert", "inline policy temp-… on user
 * bert", or a sentence.
 */
void wording_drift(struct buf *out, const struct language *language, const struct drift_row *row);

/* "changed by hand", "ended, still there" */
const char *wording_drift_kind(enum drift_kind kind);

/*
 * "s3:GetObject, ReadOnlyAccess (AWS managed) and 3 more": actions and managed policies in `account_id`;
 * plan.json has them all.
 */
void wording_list(struct buf *out, const struct language *language, const struct strings *strings,
                  const char *account_id);

/* "from main (1a2b3c4) to WORKTREE"; "at HEAD (1a2b3c4)" where there is no base. */
void wording_sides(struct buf *out, const struct language *language, const struct plan *plan);

/* The same with ", as of 2025-11-26T09:00:00Z". */
void wording_context(struct buf *out, const struct language *language, const struct plan *plan);

/*
 * "2 to grant, 1 to extend, 0 to revoke, 1 held": granting and revoking always, the others when there are
 * any; then ", 2 changes of settings or accounts".
 */
void wording_changes(struct buf *out, const struct delta *delta);

/* The fact that a row is about: what will be, or what was. */
const struct fact *row_fact(const struct delta_row *row);

#endif
