/* SPDX-License-Identifier: Apache-2.0 */
/* aws-roles/<team>.yaml as text: roles, whom they trust, and OIDC providers. */
#include "config/file_roles.h"

static void write_located(struct yaml_writer *writer, const char *key, const struct located *located)
{
    if (located->text)
        yaml_key_text(writer, key, located->text);
}

static void write_tags(struct yaml_writer *writer, const struct tag_decls *tags)
{
    if (!tags->count)
        return;
    yaml_text(writer, "tags");
    yaml_begin_mapping(writer);
    for (size_t i = 0; i < tags->count; i++)
        yaml_key_text(writer, tags->items[i].key.text, tags->items[i].value.text);
    yaml_end_mapping(writer);
}

static void write_trust(struct yaml_writer *writer, const struct trust_decl *trust)
{
    yaml_begin_mapping(writer);
    write_located(writer, "account", &trust->account);
    file_write_list(writer, "principals", &trust->principals);
    file_write_list(writer, "services", &trust->services);
    if (trust->saml_provider.text) {
        yaml_text(writer, "saml");
        yaml_begin_mapping(writer);
        write_located(writer, "provider", &trust->saml_provider);
        write_located(writer, "audience", &trust->saml_audience);
        yaml_end_mapping(writer);
    }
    if (trust->oidc_provider.text) {
        yaml_text(writer, "oidc");
        yaml_begin_mapping(writer);
        write_located(writer, "provider", &trust->oidc_provider);
        file_write_list(writer, "audience", &trust->oidc_audiences);
        file_write_list(writer, "subjects", &trust->oidc_subjects);
        yaml_end_mapping(writer);
    }
    if (trust->external_id)
        yaml_key_text(writer, "external_id", trust->external_id);
    yaml_end_mapping(writer);
}

static void write_role(struct yaml_writer *writer, const struct access_entry *entry)
{
    const struct role_decl *role = entry->ad_hoc->role;
    yaml_text(writer, role->name);
    yaml_begin_mapping(writer);
    if (*role->description)
        yaml_key_text(writer, "description", role->description);
    file_write_list(writer, "environments", &entry->environments);
    yaml_text(writer, "trust");
    yaml_begin_list(writer);
    for (size_t i = 0; i < role->trust.count; i++)
        write_trust(writer, &role->trust.items[i]);
    yaml_end_list(writer);
    file_write_list(writer, "managed_policies", &entry->ad_hoc->managed_policies);
    if (role->max_session_hours != 1)
        yaml_key_number(writer, "max_session_hours", role->max_session_hours);
    if (role->permissions_boundary)
        yaml_key_text(writer, "permissions_boundary", role->permissions_boundary);
    if (role->path)
        yaml_key_text(writer, "path", role->path);
    write_tags(writer, &role->tags);
    yaml_end_mapping(writer);
}

static void write_provider(struct yaml_writer *writer, const struct access_entry *entry)
{
    const struct provider_decl *provider = entry->ad_hoc->provider;
    yaml_text(writer, provider->name.text);
    yaml_begin_mapping(writer);
    yaml_key_text(writer, "url", provider->url.text);
    file_write_list(writer, "environments", &entry->environments);
    file_write_list(writer, "client_ids", &provider->client_ids);
    file_write_list(writer, "thumbprints", &provider->thumbprints);
    write_tags(writer, &provider->tags);
    yaml_end_mapping(writer);
}

static void write_part(struct yaml_writer *writer, const struct team_config *team, const char *key,
                       bool is_of_providers)
{
    bool any = false;
    for (size_t i = 0; i < team->entries.count; i++) {
        const struct access_entry *entry = &team->entries.items[i];
        if (entry->file != FILE_ROLES || !entry->ad_hoc->provider == is_of_providers)
            continue;
        if (!any) {
            yaml_text(writer, key);
            yaml_begin_mapping(writer);
        }
        any = true;
        if (is_of_providers)
            write_provider(writer, entry);
        else
            write_role(writer, entry);
    }
    if (any)
        yaml_end_mapping(writer);
}

void file_write_roles(struct yaml_writer *writer, const struct team_config *team)
{
    write_part(writer, team, "oidc-providers", true);
    write_part(writer, team, "aws-roles", false);
}
