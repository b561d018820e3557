/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/starter.h"

#include "base/json.h"
#include "base/str.h"
#include "flow/new_file.h"
#include "flow/source.h"
#include "flow/starter_texts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_MAX = 64 * 1024 };

#define ACTION_PLACEHOLDER "OWNER/iamlease@REF"

static const char workflows_prefix[] = "examples/workflows/", repository_prefix[] = "examples/repository/";

/* Every `from` becomes `to`. */
static const char *replaced(struct arena *arena, const char *text, const char *from, const char *to)
{
    struct buf out;
    buf_init(&out, TEXT_MAX);
    for (const char *found = strstr(text, from); found; found = strstr(text, from)) {
        buf_add(&out, text, (size_t)(found - text));
        buf_add_text(&out, to);
        text = found + strlen(from);
    }
    buf_add_text(&out, text);
    const char *result = arena_strndup(arena, out.bytes, out.size);
    buf_free(&out);
    return result;
}

/* JSON's strings are YAML's, too. */
static const char *quoted(struct arena *arena, const char *text)
{
    struct buf out;
    buf_init(&out, TEXT_MAX);
    struct json_writer writer = json_writer_new(&out, false);
    json_string(&writer, text);
    const char *result = arena_strndup(arena, out.bytes, out.size);
    buf_free(&out);
    return result;
}

const char *starter_adapt(struct arena *arena, const char *text, const char *action, const char *branch,
                          const char *root)
{
    if (action)
        text = replaced(arena, text, ACTION_PLACEHOLDER, action);
    if (branch && !str_eq(branch, "main"))
        text = replaced(arena, text, "branches: [main]",
                        arena_printf(arena, "branches: [%s]", quoted(arena, branch)));
    if (*root && !str_eq(root, "aws")) /* those two are found without being told */
        return replaced(arena, text, "# config-root: infra/access",
                        arena_printf(arena, "config-root: %s", quoted(arena, root)));
    return replaced(arena, text, "          # config-root: infra/access\n", "");
}

static bool holds_anything(int folder)
{
    int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = copy < 0 ? NULL : fdopendir(copy);
    bool found = false;
    if (!listing) {
        if (copy >= 0)
            close(copy);
        return true; /* what cannot be read is left alone */
    }
    for (struct dirent *entry = readdir(listing); entry; entry = readdir(listing))
        found = found || (!str_eq(entry->d_name, ".") && !str_eq(entry->d_name, ".."));
    closedir(listing);
    return found;
}

/* `path` may be of several folders; `wants_empty`: only where the last of them holds nothing. */
static int write_file(struct arena *arena, const char *top, const char *path, const char *text,
                      bool wants_empty, struct starter_file *ret, struct err *err)
{
    const char *rest;
    int folder = new_file_folder(arena, top, path, &rest);
    if (folder < 0)
        return err_set(err, ERR_IO, "cannot write '%s': %s", path, strerror(errno));
    *ret = (struct starter_file){.path = path};
    int rc = 0, trouble = 0;
    if (wants_empty && holds_anything(folder)) {
        ret->reason = faccessat(folder, rest, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ? "it is there"
                                                                              : "the folder holds files";
    } else {
        rc = new_file_write(folder, rest, text, &ret->is_written);
        trouble = errno;
        ret->reason = ret->is_written ? NULL : "it is there";
    }
    close(folder);
    return rc < 0 ? err_set(err, ERR_IO, "cannot write '%s': %s", path, strerror(trouble)) : 0;
}

/* What may stand behind `uses:`: a folder here, an image, or a repository at a revision. */
static bool is_action(const char *text)
{
    const char *slash = strchr(text, '/'), *at = strrchr(text, '@');
    bool is_repository = slash && slash > text && at && at > slash + 1 && at[1];
    return str_only(text, "-_./@:") &&
           (is_repository || str_prefix(text, "./") || str_prefix(text, "docker://"));
}

/* The branch's own name, of a full ref name. */
static const char *branch_name(const char *ref)
{
    static const char *const prefixes[] = {"refs/remotes/origin/", "refs/heads/"};
    for (size_t i = 0; ref && i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (str_prefix(ref, prefixes[i]))
            return ref + strlen(prefixes[i]);
    return NULL;
}

/* What stands there is git's own, its hooks too; some file systems do not tell the cases apart. */
static bool is_inside_git(const char *path)
{
    for (const char *name = path; *name; name += strspn(name, "/")) {
        size_t size = strcspn(name, "/");
        if (size == strlen(".git") && strncasecmp(name, ".git", size) == 0)
            return true;
        name += size;
    }
    return false;
}

int starter_write(struct arena *arena, struct repo *repo, const struct starter_request *request,
                  struct starter_files *ret, struct err *err)
{
    struct source source;
    const char *top = repo_workdir(repo), *branch = branch_name(repo_default_branch(arena, repo));
    *ret = (struct starter_files){0};
    if (request->action && !is_action(request->action))
        return err_set(err, ERR_USAGE, "--action '%s' is not what a workflow uses, such as OWNER/iamlease@REF",
                       request->action);
    if (request->root_option && is_inside_git(request->root_option))
        return err_set(err, ERR_USAGE, "--config-root '%s' is inside .git, where git keeps its own files",
                       request->root_option);
    if (!top)
        return err_set(err, ERR_REFUSED, "this repository is bare: files are written into a work tree");
    if (source_open(arena, repo, REPO_WORKTREE, request->root_option, &source, err) < 0)
        return -1;
    for (size_t i = 0; i < starter_text_count; i++) {
        const struct starter_text *text = &starter_texts[i];
        bool is_workflow = str_prefix(text->path, workflows_prefix);
        const char *name = text->path + strlen(is_workflow ? workflows_prefix : repository_prefix);
        const char *folder = is_workflow ? ".github/workflows" : source.root;
        const char *path = *folder ? arena_printf(arena, "%s/%s", folder, name) : name;
        struct starter_file file;
        if (write_file(arena, top, path,
                       is_workflow ? starter_adapt(arena, text->text, request->action, branch, source.root)
                                   : text->text,
                       !is_workflow && strchr(name, '/'), &file, err) < 0)
            return -1;
        *VEC_ADD(arena, ret) = file;
    }
    return 0;
}
