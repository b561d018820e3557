/* SPDX-License-Identifier: Apache-2.0 */
#include "render/escape.h"
#include "render/markdown_parts.h"

/* All documents together; behind that they are only counted. */
enum { DOCUMENTS_BYTES_MAX = 200 * 1000, DEPTH_MAX = 16 };

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

static void add_document(struct buf *out, const struct operation *operation, const struct summary *summary,
                         const char *text)
{
    RAW(out, "\n");
    wording_operation(out, &language_markdown, operation);
    RAW(out, " in ");
    summary_account(out, &language_markdown, summary, operation->account_id);
    RAW(out, "\n\n");
    add_block(out, text);
}

static bool writes_document(const struct operation *operation)
{
    return operation->document && !operation_info(operation->kind)->removes;
}

void markdown_documents(struct buf *out, const struct plan *plan, const struct summary *summary)
{
    const struct operations *operations = &plan->operations;
    size_t count = 0, shown = 0, size = 0;
    for (size_t i = 0; i < operations->count; i++)
        count += writes_document(&operations->items[i]);
    if (!count)
        return;
    RAW(out, "\n<details>\n<summary>");
    wording_count(out, count, "policy document", "policy documents");
    RAW(out, "</summary>\n");
    struct buf pretty;
    buf_init(&pretty, DOCUMENTS_BYTES_MAX);
    for (size_t i = 0; i < operations->count && !pretty.failed; i++) {
        if (!writes_document(&operations->items[i]))
            continue;
        buf_clear(&pretty);
        indent_json(&pretty, operations->items[i].document);
        size += pretty.size;
        if (pretty.failed || size > DOCUMENTS_BYTES_MAX)
            break;
        add_document(out, &operations->items[i], summary, pretty.bytes);
        shown++;
    }
    buf_free(&pretty);
    if (shown < count)
        buf_addf(out, "\n… and %zu more; `--json` has all of them.\n", count - shown);
    RAW(out, "\n</details>\n");
}
