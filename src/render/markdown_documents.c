/* SPDX-License-Identifier: Apache-2.0 */
#include "render/escape.h"
#include "render/markdown_parts.h"

enum { DEPTH_MAX = 16 };

static void new_line(struct buf *out, size_t depth)
{
    buf_addf(out, "\n%*s", (int)(2 * (depth < DEPTH_MAX ? depth : DEPTH_MAX)), "");
}

/*
 * Lays out JSON without reading it: not one of its tokens can change. Anything else comes out as some text,
 * too.
 */
static void indent_json(struct buf *out, const char *json)
{
    size_t depth = 0;
    bool in_string = false;
    for (const char *c = json; *c; c++) {
        bool opens = !in_string && (*c == '{' || *c == '['), closes = !in_string && (*c == '}' || *c == ']');
        bool is_empty = opens && (c[1] == '}' || c[1] == ']');
        if (closes && depth && c != json && c[-1] != '{' && c[-1] != '[')
            new_line(out, --depth);
        buf_add_char(out, *c);
        if (in_string && *c == '\\' && c[1]) {
            buf_add_char(out, *++c);
            continue;
        }
        if (*c == '"')
            in_string = !in_string;
        if (opens && !is_empty)
            new_line(out, ++depth);
        else if (!in_string && *c == ',')
            new_line(out, depth);
        else if (!in_string && *c == ':')
            buf_add_char(out, ' ');
    }
}

static void add_fence(struct buf *out, size_t length)
{
    while (length--)
        buf_add_char(out, '`');
}

/* A block whose fence nothing within it can close. */
static void add_block(struct buf *out, const char *text)
{
    size_t longest = markdown_longest_fence(text), fence = longest < 3 ? 3 : longest + 1;
    add_fence(out, fence);
    RAW(out, "json\n");
    escape_markdown_block(out, text);
    RAW(out, "\n");
    add_fence(out, fence);
    RAW(out, "\n");
}

bool markdown_has_document(const struct operation *operation)
{
    return operation->document && !operation_info(operation->kind)->removes;
}

void markdown_document(struct buf *out, const struct operation *operation, const struct summary *summary)
{
    struct buf pretty;
    buf_init(&pretty, SIZE_MAX / 4);
    indent_json(&pretty, operation->document);
    RAW(out, "<details>\n<summary>document: ");
    wording_operation(out, &language_html, operation);
    RAW(out, " in ");
    summary_account(out, &language_html, summary, operation->account_id);
    RAW(out, "</summary>\n\n");
    add_block(out, pretty.bytes);
    RAW(out, "\n</details>\n");
    buf_free(&pretty);
}
