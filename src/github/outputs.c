/* SPDX-License-Identifier: Apache-2.0 */
#include "github/outputs.h"

#include "base/arena.h"
#include "base/str.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

const char *outputs_delimiter(char ret[static DELIMITER_SIZE])
{
    unsigned char bytes[16];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        abort(); /* up to 256 bytes come whole once the kernel has randomness */
    int length = snprintf(ret, DELIMITER_SIZE, "iamlease_");
    for (size_t i = 0; i < sizeof bytes; i++)
        length += snprintf(ret + length, DELIMITER_SIZE - (size_t)length, "%02x", bytes[i]);
    return ret;
}

static bool is_utf8(const char *text)
{
    uint32_t ignored;
    for (size_t rest = strlen(text), length; rest; rest -= length, text += length) {
        length = str_decode_utf8(text, rest, &ignored);
        if (!length)
            return false;
    }
    return true;
}

int outputs_write(struct buf *out, const struct output *outputs, size_t count, const char *delimiter,
                  struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const char *name = outputs[i].name, *value = outputs[i].value;
        assert(*name && str_only(name, "-_") && !strstr(name, delimiter));
        if (!value)
            continue;
        if (strstr(value, delimiter) || !is_utf8(value))
            return err_set(err, ERR_REFUSED, "the output '%s' cannot be written: its value is not plain text",
                           name);
        buf_addf(out, "%s<<%s\n%s\n%s\n", name, delimiter, value, delimiter);
    }
    if (out->failed)
        return err_set(err, ERR_REFUSED, "the outputs are larger than %zu bytes together", out->max);
    return 0;
}

static int append(const char *path, const char *what, const struct buf *text, struct err *err)
{
    FILE *file = fopen(path, "ae");
    if (!file)
        return err_set(err, ERR_IO, "cannot write %s '%s': %s", what, path, strerror(errno));
    size_t written = fwrite(text->bytes, 1, text->size, file);
    if (fclose(file) != 0 || written != text->size)
        return err_set(err, ERR_IO, "cannot write %s '%s': %s", what, path, strerror(errno));
    return 0;
}

int outputs_append(const char *path, const struct output *outputs, size_t count, struct err *err)
{
    struct buf text;
    char delimiter[DELIMITER_SIZE];
    buf_init(&text, OUTPUTS_MAX);
    int rc = outputs_write(&text, outputs, count, outputs_delimiter(delimiter), err);
    if (rc == 0)
        rc = append(path, "the outputs", &text, err);
    buf_free(&text);
    return rc;
}

/* What earlier sections of this step left; 0 when the file is not there yet. */
static size_t size_of_file(const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : 0;
    fclose(file);
    return size > 0 ? (size_t)size : 0;
}

/* The bytes of the whole lines among the first `room` ones. */
static size_t whole_lines(const char *text, size_t room)
{
    const char *last = memrchr(text, '\n', room);
    return last ? (size_t)(last - text) + 1 : 0;
}

static size_t count_lines(const char *text, size_t size)
{
    size_t lines = 0;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    return lines + (size && text[size - 1] != '\n');
}

int summary_append(const char *path, const char *markdown, size_t size, struct err *err)
{
    enum { NOTE_ROOM = 160 };
    struct buf text;
    size_t used = size_of_file(path), room = used < SUMMARY_MAX ? SUMMARY_MAX - used : 0;
    buf_init(&text, SUMMARY_MAX);
    if (size + 1 <= room) {
        buf_add(&text, markdown, size);
        buf_add_char(&text, '\n');
    } else if (room >= NOTE_ROOM) {
        size_t kept = whole_lines(markdown, room - NOTE_ROOM);
        buf_add(&text, markdown, kept);
        buf_addf(&text, "\n**%zu more lines do not fit into a job summary; the log has all of it.**\n",
                 count_lines(markdown + kept, size - kept));
    }
    int rc = append(path, "the job summary", &text, err);
    buf_free(&text);
    return rc;
}
