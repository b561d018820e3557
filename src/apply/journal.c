/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/journal.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/owned_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_SIZE = 64 * 1024 };

struct journal {
    int fd;
    int error; /* errno of the first line that was lost */
    char *path, *run;
};

int journal_open(struct journal **ret, const char *path, const char *run, struct err *err)
{
    int fd = owned_file_open(path, O_WRONLY | O_APPEND | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_set(err, ERR_IO, "cannot write the journal '%s': %s", path, strerror(errno));
    struct journal *journal = calloc(1, sizeof *journal);
    if (!journal)
        out_of_memory();
    *journal = (struct journal){.fd = fd, .path = strdup(path), .run = strdup(run)};
    if (!journal->path || !journal->run)
        out_of_memory();
    *ret = journal;
    return 0;
}

static void begin_line(struct json_writer *json, struct journal *journal, const char *event, size_t index,
                       const struct operation *operation)
{
    json_begin_object(json);
    json_key_string(json, "format", "iamlease/journal");
    json_key_int(json, "version", 1);
    json_key_string(json, "event", event);
    json_key_time(json, "at", net_wall_time_s());
    json_key_string(json, "run", journal->run);
    json_key_int(json, "operation", (int64_t)index);
    json_key_string(json, "title", operation_info(operation->kind)->title);
    json_key_string(json, "account_id", operation->account_id);
}

/* One write for one line: lines of two runs never mix. The intent is on disk before the call is made. */
static void write_line(struct journal *journal, struct json_writer *json)
{
    json_end_object(json);
    buf_add_char(json->out, '\n');
    bool written = !json->out->failed &&
                   write(journal->fd, json->out->bytes, json->out->size) == (ssize_t)json->out->size &&
                   fdatasync(journal->fd) == 0;
    if (!written && !journal->error)
        journal->error = errno ? errno : EIO;
    buf_free(json->out);
}

static void add_intent(void *context, size_t index, const struct operation *operation)
{
    struct journal *journal = context;
    struct buf line;
    char hex[SHA256_HEX_SIZE];
    buf_init(&line, LINE_MAX_SIZE);
    struct json_writer json = json_writer_new(&line, false);
    begin_line(&json, journal, "intent", index, operation);
    if (operation->principal) {
        json_key_string(&json, "principal_kind", principal_kind_name(operation->principal_kind));
        json_key_string(&json, "principal", operation->principal);
    }
    json_key_string(&json, "policy_name", operation->policy_name);
    json_key_string(&json, "policy_arn", operation->policy_arn);
    json_key_time(&json, "ends_at", operation->ends_at_s);
    json_key_string(&json, "reason", operation->reason);
    json_key_string(&json, "lease_id", operation->lease_id);
    if (operation->document)
        json_key_string(&json, "document_sha256",
                        sha256_hex(operation->document, strlen(operation->document), hex));
    write_line(journal, &json);
}

static void add_result(void *context, size_t index, const struct operation *operation,
                       const struct result *result)
{
    struct journal *journal = context;
    struct buf line;
    buf_init(&line, LINE_MAX_SIZE);
    struct json_writer json = json_writer_new(&line, false);
    begin_line(&json, journal, "result", index, operation);
    json_key_string(&json, "status", result_status_name(result->status));
    json_key_int(&json, "attempts", result->attempts);
    json_key_string(&json, "error_code", result->error_code);
    json_key_string(&json, "message", result->message);
    json_key_string(&json, "request_id", result->request_id);
    write_line(journal, &json);
}

struct execution_listener journal_listener(struct journal *journal)
{
    return (struct execution_listener){.starting = add_intent, .finished = add_result, .context = journal};
}

int journal_close(struct journal *journal, struct err *err)
{
    if (!journal)
        return 0;
    int error = journal->error;
    if (close(journal->fd) < 0 && !error)
        error = errno;
    int rc =
        error ? err_set(err, ERR_IO, "the journal '%s' is not complete: %s", journal->path, strerror(error))
              : 0;
    free(journal->path);
    free(journal->run);
    free(journal);
    return rc;
}
