/* SPDX-License-Identifier: Apache-2.0 */
#include "config/yaml_problem.h"

#include "base/str.h"
#include "config/ids.h"

/*
 * What libyaml 0.2 says (`context` in which it met `problem`), and what we say. Its own words stand for what
 * is not in the table. libyaml knows two places: where it noticed the problem, and where that began which it
 * was reading; `at_start` takes the second.
 */
static const struct {
    const char *context; /* NULL: any */
    const char *problem;
    bool at_start;
    const char *id;
    const char *message, *hint;
} problems[] = {
    {"while scanning a quoted scalar", "found unexpected end of stream", true, ID_YAML_SYNTAX,
     "this quote is never closed", "close it with the same quote"},
    {"while scanning a quoted scalar", "found unexpected document indicator", true, ID_YAML_SYNTAX,
     "this quote is never closed", "close it with the same quote"},
    {NULL, "found unknown escape character", false, ID_YAML_SYNTAX,
     "unknown escape in a text in double quotes", "double the '\\', or use single quotes"},
    {"while parsing a quoted scalar", "did not find expected hexdecimal number", false, ID_YAML_SYNTAX,
     "unknown escape in a text in double quotes", "double the '\\', or use single quotes"},
    {"while parsing a quoted scalar", "found invalid Unicode character escape code", false, ID_YAML_SYNTAX,
     "unknown escape in a text in double quotes", "double the '\\', or use single quotes"},
    {NULL, "could not find expected ':'", true, ID_YAML_SYNTAX, "a ':' is missing behind this key",
     "write 'key: value', with a space behind the ':'"},
    {NULL, "mapping keys are not allowed in this context", false, ID_YAML_SYNTAX, "a '?' cannot stand here",
     "a text that begins with '? ' must be in quotes"},
    {NULL, "block sequence entries are not allowed in this context", false, ID_YAML_SYNTAX,
     "a list cannot begin here", "begin it on the line after its key"},
    {"while parsing a block mapping", "did not find expected key", false, ID_YAML_SYNTAX,
     "a key was expected here", "indent all keys of a mapping alike, and close every quote on its line"},
    {"while parsing a block collection", "did not find expected '-' indicator", false, ID_YAML_SYNTAX,
     "a list item was expected here", "indent all items of a list alike and begin each with '- '"},
    {NULL, "did not find expected ',' or ']'", true, ID_YAML_SYNTAX,
     "this list is never closed, or a ',' is missing in it", "put ',' between the items and ']' at the end"},
    {NULL, "did not find expected ',' or '}'", true, ID_YAML_SYNTAX,
     "this mapping is never closed, or a ',' is missing in it", "put ',' between the pairs and '}' at the end"},
    {NULL, "did not find expected node content", false, ID_YAML_SYNTAX, "a value was expected here", NULL},
    {NULL, "did not find expected <document start>", false, ID_YAML_SYNTAX,
     "this does not belong to what stands above", "indent all keys of a mapping alike"},
    {"while scanning an alias", "did not find expected alphabetic or numeric character", true, ID_YAML_ALIAS,
     "a text that begins with '*' must be in quotes", "write \"*\""},
    {"while scanning an anchor", "did not find expected alphabetic or numeric character", true,
     ID_YAML_ANCHOR, "a text that begins with '&' must be in quotes", "put the text in quotes"},
    {"while parsing a node", "found undefined tag handle", true, ID_YAML_TAG, "YAML tags are not allowed",
     "a text that begins with '!' must be in quotes"},
    {"while parsing a tag", NULL, true, ID_YAML_TAG, "YAML tags are not allowed",
     "a text that begins with '!' must be in quotes"},
    {"while scanning a tag", NULL, true, ID_YAML_TAG, "YAML tags are not allowed",
     "a text that begins with '!' must be in quotes"},
    {"while scanning a block scalar", "did not find expected comment or line break", false, ID_YAML_SYNTAX,
     "nothing can follow '|' or '>' on this line", "begin the text on the next line, or put it in quotes"},
    {NULL, "found a tab character that violates indentation", false, ID_YAML_SYNTAX,
     "a tab cannot indent a line", "use spaces"},
    {NULL, "found a tab character where an indentation space is expected", false, ID_YAML_SYNTAX,
     "a tab cannot indent a line", "use spaces"},
};

static bool fits(const char *expected, const char *said)
{
    return !expected || (said && str_eq(expected, said));
}

/* "found character that cannot start any token": which one says more than libyaml does. */
static void report_bad_start(struct span span, char c, struct diags *diags)
{
    if (c == '\t') {
        struct diag *diag = diag_error(diags, span, ID_YAML_SYNTAX, "a tab cannot indent a line");
        diag_hint(diags, diag, "use spaces");
    } else {
        /* '@', '`' and '%'; anything else would have been the start of a text. */
        struct diag *diag = diag_error(diags, span, ID_YAML_SYNTAX, "a text cannot begin with '%c'",
                                       c > 0x20 && c < 0x7f ? c : '?');
        diag_hint(diags, diag, "put the text in quotes");
    }
}

/*
 * "mapping values are not allowed in this context": a second ': ' on a line is one in a text; the first is
 * most often a key behind a line that is no pair, which goes on as a text over two lines.
 */
static void report_colon(const struct source_text *text, yaml_mark_t mark, struct diags *diags)
{
    bool second = false;
    const char *end = source_text_at(text, mark.line, mark.column);
    for (const char *at = source_text_at(text, mark.line, 0); at + 1 < end; at++)
        second |= at[0] == ':' && at[1] == ' ';
    struct span span = source_text_span(text, mark.line, mark.column, 1);
    struct diag *diag = diag_error(diags, span, ID_YAML_SYNTAX, "a ':' cannot stand here");
    diag_hint(diags, diag,
              second
                  ? "a text that holds ': ' must be in quotes"
                  : "look at the line above: is it 'key: value', with a space, and indented like this one?");
}

/* The end of a file that ends in a newline is shown at the end of its last line. */
static yaml_mark_t visible_mark(const struct source_text *text, yaml_mark_t mark)
{
    if (text->count > 1 && mark.line + 1 >= text->count && text->items[text->count - 1].length == 0) {
        mark.line = text->count - 2;
        mark.column = text->items[mark.line].length;
    }
    return mark;
}

void yaml_problem_report(const yaml_parser_t *parser, const struct source_text *text, struct diags *diags)
{
    const char *problem = parser->problem ? parser->problem : "unreadable";
    yaml_mark_t mark = visible_mark(text, parser->problem_mark);
    struct span span = source_text_span(text, mark.line, mark.column, 1);
    if (parser->error == YAML_READER_ERROR)
        span =
            (struct span){.file = text->file}; /* no mark; source_text_open() lets none of its reasons pass */
    if (str_eq(problem, "found character that cannot start any token")) {
        report_bad_start(span, *source_text_at(text, mark.line, mark.column), diags);
        return;
    }
    if (str_eq(problem, "mapping values are not allowed in this context")) {
        report_colon(text, mark, diags);
        return;
    }
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        if (!fits(problems[i].context, parser->context) || !fits(problems[i].problem, problem))
            continue;
        if (problems[i].at_start && parser->context)
            span = source_text_span(text, parser->context_mark.line, parser->context_mark.column, 1);
        struct diag *diag = diag_error(diags, span, problems[i].id, "%s", problems[i].message);
        if (problems[i].hint)
            diag_hint(diags, diag, "%s", problems[i].hint);
        return;
    }
    diag_error(diags, span, ID_YAML_SYNTAX, "not YAML: %s", problem);
}
