/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text in a workflow command. The line is read again as GitHub's runner reads it (facts of
 * ActionCommand.cs): it is one line, one command with the properties that we meant, and the text comes back.
 *
 * The input is cut at its first newline: what stands before is the value of a property, the rest is data.
 */
#include "shown.h"

/* Replaces every `code` by the character that it stands for. */
static char *replaced(struct arena *arena, const char *text, const char *code, char character)
{
    char *out = arena_alloc(arena, strlen(text) + 1), *end = out;
    while (*text) {
        bool found = str_prefix(text, code);
        *end++ = found ? character : *text;
        text += found ? strlen(code) : 1;
    }
    return out;
}

static const char *unescaped_data(struct arena *arena, const char *text)
{
    text = replaced(arena, text, "%0D", '\r');
    text = replaced(arena, text, "%0A", '\n');
    return replaced(arena, text, "%25", '%');
}

static const char *unescaped_property(struct arena *arena, const char *text)
{
    text = replaced(arena, text, "%0D", '\r');
    text = replaced(arena, text, "%0A", '\n');
    text = replaced(arena, text, "%3A", ':');
    text = replaced(arena, text, "%2C", ',');
    return replaced(arena, text, "%25", '%');
}

struct command_read {
    const char *property, *title, *data;
};

/* ::error file=…,title=…::… */
static struct command_read read_command(struct arena *arena, const char *line)
{
    static const char start[] = "::error file=", second[] = "title=";
    struct command_read read;
    REQUIRE(str_prefix(line, start));
    const char *end = strstr(line + 2, "::"), *comma = strchr(line, ',');
    REQUIRE(end && comma && comma < end);
    REQUIRE(!memchr(comma + 1, ',', (size_t)(end - comma - 1)));
    REQUIRE(str_prefix(comma + 1, second));
    const char *value = line + strlen(start), *title = comma + 1 + strlen(second);
    read.property = unescaped_property(arena, arena_strndup(arena, value, (size_t)(comma - value)));
    read.title = unescaped_property(arena, arena_strndup(arena, title, (size_t)(end - title)));
    read.data = unescaped_data(arena, end + 2);
    return read;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const char *text = fuzz_text(arena, data, size), *newline = strchr(text, '\n');
    const char *property = newline ? arena_strndup(arena, text, (size_t)(newline - text)) : text;
    const char *message = newline ? newline + 1 : text;
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    RAW(&out, "::error file=");
    escape_command_property(&out, property);
    RAW(&out, ",title=");
    escape_command_property(&out, message);
    RAW(&out, "::");
    escape_command_data(&out, message);
    require_visible(&out, "");

    struct command_read read = read_command(arena, out.bytes);
    REQUIRE(str_eq(read.property, shown_text(arena, property, ESCAPE_MAX, "\r\n")));
    REQUIRE(str_eq(read.title, shown_text(arena, message, ESCAPE_MAX, "\r\n")));
    REQUIRE(str_eq(read.data, arena_printf(arena, "%s%s", shown_text(arena, message, ESCAPE_MAX, "\r\n"),
                                           shown_remark(arena, message, strlen(message), ""))));
    buf_free(&out);
    return 0;
}
