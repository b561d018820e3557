/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a subject in a trust policy lets in of GitHub's jobs (facts: GitHub's "OpenID Connect reference"). The
 * claim `sub` of a job's token is, unless a template says otherwise, the first of these that fits:
 *
 *     repo:OWNER/REPOSITORY:environment:NAME    the job names an environment
 *     repo:OWNER/REPOSITORY:pull_request        a pull request started it
 *     repo:OWNER/REPOSITORY:ref:refs/heads/BRANCH, repo:OWNER/REPOSITORY:ref:refs/tags/TAG
 *
 * OWNER and REPOSITORY have their ids behind them, or have not ("acme@1/app@2"); a colon in a name comes as
 * "%3A". With a template more claims follow the repository, as ":KEY:VALUE", before, behind or in place of
 * the context.
 */
#ifndef IAMLEASE_POLICY_GITHUB_SUBJECT_H
#define IAMLEASE_POLICY_GITHUB_SUBJECT_H

/* How pull requests come in, from the least to the most. */
enum github_pulls {
    PULLS_NONE,        /* no run of a pull request has such a subject */
    PULLS_BY_TEMPLATE, /* only where a template says so: by GitHub's own forms it is that of others */
    PULLS_TOO,         /* and so do branches, tags or environments, whatever they are called */
    PULLS_MEANT        /* it lets in pull requests, and others by chance at most */
};

/*
 * Judges a subject by what StringLike can match: '*' is any text, with colons and slashes, '?' one character,
 * letters count as they are written. Policy variables are no part of subjects: the grammar takes no '$'.
 */
enum github_pulls github_subject_pulls(const char *subject);

#endif
