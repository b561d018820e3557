/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"
#include "config/config.h"
#include "config/grammar.h"
#include "config/ids.h"
#include "config/shown.h"

#include <string.h>

static const char settings_name[] = "iamlease.yaml";
static const char team_suffix[] = ".yaml";

static const struct {
    const char *name;
    enum file_kind kind;
} folders[] = {
    {"aws-accounts", FILE_ACCOUNTS},      {"aws-policies", FILE_POLICIES},      {"aws-roles", FILE_ROLES},
    {"permanent-access", FILE_PERMANENT}, {"temporary-access", FILE_TEMPORARY},
};

static int refuse(struct arena *arena, const char *display_path, const char *what, const char *hint,
                  struct diags *diags)
{
    struct source_file *file = ARENA_NEW(arena, struct source_file);
    *file = (struct source_file){.path = arena_strdup(arena, display_path), .text = ""};
    struct diag *diag = diag_error(diags, (struct span){.file = file}, ID_UNEXPECTED_FILE, "%s", what);
    diag_hint(diags, diag, "%s", hint);
    return -1;
}

/* A file at the root: ours when it is the settings; near misses are refused, or rules would be lost unseen. */
static int classify_at_root(struct arena *arena, const char *path, const char *display_path,
                            enum file_kind *ret_kind, const char **ret_team, struct diags *diags)
{
    if (str_eq(path, settings_name)) {
        *ret_kind = FILE_SETTINGS;
        *ret_team = NULL;
        return 1;
    }
    if (str_casecmp(path, settings_name) == 0 || str_casecmp(path, "iamlease.yml") == 0)
        return refuse(arena, display_path, "settings are read from 'iamlease.yaml' only", "rename the file",
                      diags);
    return 0;
}

/* `name`: what follows the folder's name and '/'. */
static int classify_in_folder(struct arena *arena, const char *name, const char *display_path,
                              const char **ret_team, struct diags *diags)
{
    /* Git keeps no empty folders: this is how people keep one. No team can have that name. */
    if (str_eq(name, ".gitkeep"))
        return 0;
    if (strchr(name, '/'))
        return refuse(arena, display_path, "a subfolder cannot stand here",
                      "move its files up, one for each team", diags);
    if (!str_suffix(name, team_suffix))
        return refuse(arena, display_path, "only files named '<team>.yaml' can stand here",
                      str_suffix(name, ".yml") ? "rename it to '.yaml'" : "move it elsewhere", diags);
    const char *team = arena_strndup(arena, name, strlen(name) - strlen(team_suffix));
    if (!grammar_is_team(team))
        return refuse(
            arena, display_path, arena_printf(arena, "'%s' is not a name for a team", shown(arena, team)),
            "up to 64 small letters, digits, '_' and '-', beginning with a letter or a digit", diags);
    *ret_team = team;
    return 1;
}

int config_classify(struct arena *arena, const char *path, const char *display_path, enum file_kind *ret_kind,
                    const char **ret_team, struct diags *diags)
{
    size_t folder_size = strcspn(path, "/");
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        if (strlen(folders[i].name) != folder_size || memcmp(path, folders[i].name, folder_size) != 0)
            continue;
        if (!path[folder_size])
            return refuse(arena, display_path, "this must be a folder",
                          "put files named '<team>.yaml' into it", diags);
        *ret_kind = folders[i].kind;
        return classify_in_folder(arena, path + folder_size + 1, display_path, ret_team, diags);
    }
    return classify_at_root(arena, path, display_path, ret_kind, ret_team, diags);
}
