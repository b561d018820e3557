/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The yardstick of `make bench`: how much processor time libyaml's bare event loop takes for some files that
 * are in memory. It reads what `git cat-file --batch` writes, runs the loop over every blob of it, keeps
 * nothing, and prints the seconds that the loop took, reading not counted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <yaml.h>

struct bytes {
    unsigned char *data;
    size_t size, capacity;
};

static void fail(const char *what)
{
    fprintf(stderr, "yaml_loop: %s\n", what);
    exit(1);
}

static void read_all(FILE *file, struct bytes *bytes)
{
    for (size_t count = 1; count > 0; bytes->size += count) {
        if (bytes->size == bytes->capacity) {
            bytes->capacity = bytes->capacity ? 2 * bytes->capacity : 1 << 20;
            bytes->data = realloc(bytes->data, bytes->capacity);
            if (!bytes->data)
                fail("out of memory");
        }
        count = fread(bytes->data + bytes->size, 1, bytes->capacity - bytes->size, file);
    }
    if (ferror(file))
        fail("cannot read standard input");
}

static void run_loop(const unsigned char *text, size_t size)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        fail("out of memory");
    yaml_parser_set_input_string(&parser, text, size);
    for (int ended = 0; !ended;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event))
            fail("this is no YAML");
        ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}

/* Each object is a line "<id> <kind> <size>", so many bytes, and a line end. */
static void run_all(const struct bytes *bytes)
{
    static const char kind[] = " blob ";
    const unsigned char *at = bytes->data, *end = at + bytes->size;
    while (at < end) {
        const unsigned char *line_end = memchr(at, '\n', (size_t)(end - at));
        const char *found = line_end ? memmem(at, (size_t)(line_end - at), kind, sizeof kind - 1) : NULL;
        if (!found)
            fail("this is not what git cat-file --batch writes");
        size_t size = strtoul(found + sizeof kind - 1, NULL, 10), left = (size_t)(end - line_end) - 1;
        if (size >= left)
            fail("an object is cut off");
        run_loop(line_end + 1, size);
        at = line_end + 1 + size + 1;
    }
}

static double processor_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int main(void)
{
    struct bytes bytes = {0};
    read_all(stdin, &bytes);
    double before = processor_seconds();
    run_all(&bytes);
    printf("%.6f\n", processor_seconds() - before);
    free(bytes.data);
    return 0;
}
