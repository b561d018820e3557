/* SPDX-License-Identifier: Apache-2.0 */
#include "github/link.h"

#include "base/str.h"

#include <string.h>

/* One parameter of a link, such as rel="next". */
struct parameter {
    const char *name, *value;
    size_t name_size, value_size;
};

/* Reads the parameter at `text`, behind ';'; returns what follows it: the next ';', the ',' before the next
 * link, or the end. */
static const char *read_parameter(const char *text, struct parameter *ret)
{
    text += strspn(text, " \t");
    *ret = (struct parameter){.name = text, .name_size = strcspn(text, "=;, \t")};
    text += ret->name_size;
    text += strspn(text, " \t");
    if (*text != '=')
        return text + strcspn(text, ";,");
    text++;
    text += strspn(text, " \t");
    bool quoted = *text == '"';
    ret->value = text + quoted;
    ret->value_size = strcspn(ret->value, quoted ? "\"" : ";, \t");
    text = ret->value + ret->value_size;
    return text + strcspn(text, ";,"); /* behind the closing quote */
}

static bool is_next(const struct parameter *parameter)
{
    static const char name[] = "rel", value[] = "next";
    return parameter->name_size == strlen(name) && strncasecmp(parameter->name, name, strlen(name)) == 0 &&
           parameter->value_size == strlen(value) && strncasecmp(parameter->value, value, strlen(value)) == 0;
}

const char *link_next(struct arena *arena, const char *header)
{
    for (const char *text = header; *text;) {
        text += strspn(text, ", \t");
        const char *end = strchr(text, '>');
        if (*text != '<' || !end)
            return NULL;
        const char *target = text + 1;
        bool found = false;
        for (text = end + 1 + strspn(end + 1, " \t"); *text == ';';) {
            struct parameter parameter;
            text = read_parameter(text + 1, &parameter);
            found |= is_next(&parameter);
        }
        if (found)
            return arena_strndup(arena, target, (size_t)(end - target));
        text += strcspn(text, ",");
    }
    return NULL;
}

bool link_has_origin_of(const char *url, const char *api_url)
{
    const char *authority = strstr(api_url, "://");
    if (!authority)
        return false;
    authority += strlen("://");
    size_t origin = (size_t)(authority - api_url) + strcspn(authority, "/?");
    return strncmp(url, api_url, origin) == 0 && url[origin] == '/';
}
