/* SPDX-License-Identifier: Apache-2.0 */
#include "http_double.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SCRIPT_MAX = 32, REQUESTS_MAX = 512, REQUEST_SIZE = 256 * 1024 };

struct http_double {
    struct http_line script[SCRIPT_MAX];
    unsigned used[SCRIPT_MAX];
    size_t script_count;
    int listener;
    pthread_t thread;
    char url[64];
    char *requests[REQUESTS_MAX];
    size_t request_count;
};

static void die(const char *what)
{
    perror(what);
    abort();
}

/* Reads headers and body; NULL when the client went away. */
static char *read_request(int connection)
{
    char *request = calloc(1, REQUEST_SIZE);
    size_t size = 0;
    while (request && size + 1 < REQUEST_SIZE) {
        ssize_t got = read(connection, request + size, REQUEST_SIZE - 1 - size);
        if (got <= 0)
            break;
        size += (size_t)got;
        const char *end = strstr(request, "\r\n\r\n"), *length = strcasestr(request, "Content-Length:");
        size_t body_size = length ? strtoul(length + strlen("Content-Length:"), NULL, 10) : 0;
        if (end && size >= (size_t)(end + 4 - request) + body_size)
            return request;
    }
    free(request);
    return NULL;
}

static void write_all(int connection, const char *bytes, size_t size)
{
    while (size) {
        ssize_t written = send(connection, bytes, size, MSG_NOSIGNAL);
        if (written <= 0)
            return; /* the client has seen enough */
        bytes += written;
        size -= (size_t)written;
    }
}

static void answer(int connection, const struct http_line *line)
{
    if (line->fault == HTTP_DROP) {
        struct linger reset = {.l_onoff = 1};
        (void)setsockopt(connection, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        return;
    }
    if (line->fault == HTTP_HOLD) {
        char more;
        while (recv(connection, &more, 1, 0) == 1)
            continue;
        return;
    }
    if (line->fault == HTTP_TRICKLE) {
        static const char head_only[] = "HTTP/1.1 200 X\r\nConnection: close\r\n\r\n";
        write_all(connection, head_only, sizeof head_only - 1);
        while (send(connection, "<", 1, MSG_NOSIGNAL) == 1)
            usleep(5000);
        return;
    }
    size_t size = line->body ? strlen(line->body) : 0, shown = line->fault == HTTP_CUT ? size / 2 : size;
    char head[1024];
    int length =
        snprintf(head, sizeof head, "HTTP/1.1 %d X\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n",
                 line->status, size, line->headers ? line->headers : "");
    write_all(connection, head, (size_t)length);
    if (shown)
        write_all(connection, line->body, shown);
}

static const struct http_line *find_line(struct http_double *server, const char *request)
{
    static const struct http_line none = {.status = 418, .body = "not in the script"};
    for (size_t i = 0; i < server->script_count; i++) {
        const struct http_line *line = &server->script[i];
        if (server->used[i] >= (line->times ? line->times : 1) ||
            (line->match && !strstr(request, line->match)))
            continue;
        server->used[i]++;
        return line;
    }
    return &none;
}

static void *serve(void *context)
{
    struct http_double *server = context;
    for (int connection; (connection = accept(server->listener, NULL, NULL)) >= 0;) {
        char *request = read_request(connection);
        if (request && server->request_count < REQUESTS_MAX) {
            server->requests[server->request_count++] = request;
            answer(connection, find_line(server, request));
        } else {
            free(request);
        }
        close(connection);
    }
    return NULL;
}

struct http_double *http_double_start(const struct http_line *script, size_t count)
{
    struct http_double *server = calloc(1, sizeof *server);
    if (!server || count > SCRIPT_MAX)
        die("http_double");
    if (count)
        memcpy(server->script, script, count * sizeof *script);
    server->script_count = count;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server->listener < 0 || bind(server->listener, (struct sockaddr *)&address, length) < 0 ||
        listen(server->listener, 128) < 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &length) < 0)
        die("http_double");
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    if (pthread_create(&server->thread, NULL, serve, server) != 0)
        die("http_double");
    return server;
}

const char *http_double_url(const struct http_double *server)
{
    return server->url;
}

void http_double_stop(struct http_double *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
}

size_t http_double_count(const struct http_double *server)
{
    return server->request_count;
}

const char *http_double_request(const struct http_double *server, size_t index)
{
    return index < server->request_count ? server->requests[index] : "";
}

size_t http_double_count_of(const struct http_double *server, const char *text)
{
    size_t count = 0;
    for (size_t i = 0; i < server->request_count; i++)
        count += strstr(server->requests[i], text) != NULL;
    return count;
}

void http_double_free(struct http_double *server)
{
    for (size_t i = 0; i < server->request_count; i++)
        free(server->requests[i]);
    free(server);
}
