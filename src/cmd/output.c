/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/output.h"

#include "render/escape.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* GitHub refuses a job summary over 1 MiB (facts/github.md §1.7). */
enum { SUMMARY_MAX = 1000 * 1000, TEXT_MAX = 64 * 1024 * 1024 };

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

/* GitHub shows it at the top of the run and in the summary. */
static void annotate(const struct invocation *invocation, const char *message)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    buf_add_text(&text, "::error title=iamlease::");
    escape_command_data(&text, message);
    buf_add_char(&text, '\n');
    fwrite(text.bytes, 1, text.size, invocation->out);
    fflush(invocation->out);
    buf_clear(&text);
    buf_add_text(&text, "### iamlease: not done\n\n");
    escape_markdown_text(&text, message);
    buf_add_char(&text, '\n');
    output_summary(invocation, &text);
    buf_free(&text);
}

int output_error(const struct invocation *invocation, const struct err *err)
{
    print_line(invocation, err->message);
    if (invocation->github.is_actions)
        annotate(invocation, err->message);
    if (err->code == ERR_STOPPED && invocation->stop_signal && *invocation->stop_signal)
        return 128 + *invocation->stop_signal;
    return err->code == ERR_USAGE ? EXIT_USAGE : EXIT_TROUBLE;
}

void output_summary(const struct invocation *invocation, const struct buf *markdown)
{
    const char *path = invocation->github.step_summary;
    if (!invocation->github.is_actions || !path)
        return;
    FILE *file = fopen(path, "ae");
    if (!file) {
        output_message(invocation, "cannot write the job summary '%s': %s", path, strerror(errno));
        return;
    }
    if (markdown->size > SUMMARY_MAX)
        fprintf(file, "The result is too long for a job summary (%zu bytes); the log has all of it.\n",
                markdown->size);
    else
        fwrite(markdown->bytes, 1, markdown->size, file);
    fputc('\n', file);
    if (fclose(file) != 0)
        output_message(invocation, "cannot write the job summary '%s': %s", path, strerror(errno));
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
