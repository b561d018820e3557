/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/output.h"

#include "cmd/input_names.h"
#include "github/outputs.h"
#include "render/escape.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { TEXT_MAX = 64 * 1024 * 1024 };

struct style output_style(const struct invocation *invocation)
{
    return (struct style){.color = invocation->color_out};
}

/* A word that nothing in the output can know: commands are off until it comes again (facts/github.md §1.6). */
static void make_token(char token[static 33])
{
    unsigned char bytes[16];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        abort();
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(token + 2 * i, 3, "%02x", bytes[i]);
}

int output_result(const struct invocation *invocation, const struct buf *result, int code)
{
    char token[33];
    /* JSON is safe by itself (base/json.c), the texts of help are ours, and a program that reads them wants
     * nothing else. */
    bool is_help = !invocation->command || invocation->command->run == cmd_help;
    bool guarded = invocation->github.is_actions && !invocation->options.json && !is_help;
    make_token(token);
    if (guarded)
        fprintf(invocation->out, "::stop-commands::%s\n", token);
    fwrite(result->bytes, 1, result->size, invocation->out);
    if (guarded)
        fprintf(invocation->out, "%s::%s::\n",
                result->size && result->bytes[result->size - 1] != '\n' ? "\n" : "", token);
    if (fflush(invocation->out) != 0 || ferror(invocation->out) || result->failed) {
        output_message(invocation, "cannot write the result: %s",
                       result->failed ? "it is too long" : strerror(errno));
        return EXIT_TROUBLE;
    }
    return code;
}

/* One line; what is not plain text, and what GitHub would take for a command, is made harmless. */
static void print_line(const struct invocation *invocation, const char *text)
{
    struct buf line;
    buf_init(&line, TEXT_MAX);
    buf_add_text(&line, "iamlease: ");
    escape_terminal(&line, text);
    buf_add_char(&line, '\n');
    fwrite(line.bytes, 1, line.size, invocation->err);
    fflush(invocation->err);
    buf_free(&line);
}

void output_message(const struct invocation *invocation, const char *format, ...)
{
    if (invocation->options.quiet)
        return;
    struct arena *scratch CLEANUP(arena_freep) = arena_new();
    va_list args;
    va_start(args, format);
    print_line(invocation, arena_vprintf(scratch, format, args));
    va_end(args);
}

void output_error_markdown(struct buf *out, const struct err *err)
{
    buf_add_text(out, "### iamlease: not done\n\n");
    escape_markdown_text(out, err->message);
    buf_add_char(out, '\n');
}

/* GitHub shows it at the top of the run and in the summary. */
static void annotate(const struct invocation *invocation, const struct err *err)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    buf_add_text(&text, "::error title=iamlease::");
    escape_command_data(&text, err->message);
    buf_add_char(&text, '\n');
    fwrite(text.bytes, 1, text.size, invocation->out);
    fflush(invocation->out);
    buf_clear(&text);
    output_error_markdown(&text, err);
    output_summary(invocation, &text);
    buf_free(&text);
}

int output_error(const struct invocation *invocation, const struct err *err)
{
    if (invocation->github.is_actions) {
        struct err said = err_for_a_job(&invocation->options, err);
        print_line(invocation, said.message);
        annotate(invocation, &said);
    } else {
        print_line(invocation, err->message);
    }
    if (err->code == ERR_STOPPED && invocation->stop_signal && *invocation->stop_signal)
        return 128 + *invocation->stop_signal;
    return err->code == ERR_USAGE ? EXIT_USAGE : EXIT_TROUBLE;
}

void output_summary(const struct invocation *invocation, const struct buf *markdown)
{
    struct err err;
    const char *path = invocation->github.step_summary;
    if (invocation->github.is_actions && path &&
        summary_append(path, markdown->bytes, markdown->size, &err) < 0)
        output_message(invocation, "%s", err.message);
}

int output_report(const struct invocation *invocation, const struct report *report)
{
    struct buf text;
    int code = report_is_clean(report) ? EXIT_DONE : EXIT_TROUBLE;
    buf_init(&text, TEXT_MAX);
    render_report_markdown(&text, report);
    output_summary(invocation, &text);
    if (!invocation->options.markdown) {
        buf_clear(&text);
        if (invocation->options.json)
            render_report_json(&text, report);
        else
            render_report_text(&text, report, output_style(invocation));
    }
    code = output_result(invocation, &text, code);
    buf_free(&text);
    if (report->stopped && invocation->stop_signal && *invocation->stop_signal)
        return 128 + *invocation->stop_signal;
    return code;
}
