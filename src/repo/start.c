/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starts libgit2 without what only its connections need.
 *
 * Where libgit2 is built with mbed TLS (as Debian's is) its start reads and parses all certificates of the
 * machine: 5 ms of processor time, more than most of what is asked of it here. No connection is ever made
 * through it; objects that are missing come from GitHub's API, by net/ (github/, flow/fetching).
 *
 * The function below has the name of mbed TLS's own: a program's definition of a function that a shared
 * library on its link line asks for takes the place of another library's. While libgit2 starts, it reports
 * a file that cannot be read. That fails closed: without certificates no server is trusted, so libgit2 would
 * refuse every TLS connection. For anybody else in this process it passes on to mbed TLS. With another TLS
 * library behind libgit2 nobody asks for it.
 */
#include "base/arena.h"
#include "repo/git.h"

#include <dlfcn.h>
#include <string.h>

enum {
    MBEDTLS_ERR_X509_FILE_IO_ERROR = -0x2900,
    CACHED_TREE_MAX =
        1024 * 1024 /* a folder of 1,000 files is a tree of 50 KB, which is looked up again and again */
};

static bool is_starting;

typedef int parse_certificates(void *chain, const char *path);

/* mbedtls/x509_crt.h, alike in 2.28 and 3: int mbedtls_x509_crt_parse_file(mbedtls_x509_crt *, const char *) */
__attribute__((visibility("default"))) parse_certificates mbedtls_x509_crt_parse_file;

int mbedtls_x509_crt_parse_file(void *chain, const char *path)
{
    parse_certificates *next = NULL;
    void *found = is_starting ? NULL : dlsym(RTLD_NEXT, __func__);
    memcpy(&next, &found, sizeof next); /* ISO C knows no cast from an object to a function */
    return next ? next(chain, path) : MBEDTLS_ERR_X509_FILE_IO_ERROR;
}

int git_start(struct err *err)
{
    is_starting = true;
    int count = git_libgit2_init();
    is_starting = false;
    if (count < 0)
        return git_err(err, "cannot start libgit2");
    /* The work tree of a container action belongs to another user (facts/github.md §2.1). */
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, (size_t)CACHED_TREE_MAX);
    return 0;
}
