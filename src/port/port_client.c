/* SPDX-License-Identifier: Apache-2.0 */
#include "port/port_client.h"

#include "base/str.h"
#include "port/port_payload.h"

#include <stdlib.h>

enum {
    ANSWER_MAX = 16 * 1024 * 1024,
    CREDENTIAL_MAX = 512,
    MESSAGE_MAX = 200,
    STATUS_UNAUTHORIZED = 401,
    STATUS_TOO_MANY = 429
};

struct port {
    const struct port_environment *environment;
    struct net *net;
    const char *base_url; /* without slash at the end */
    struct secret token;
};

bool port_has_credentials(const struct port_environment *environment)
{
    return secret_is_set(&environment->client_id) && secret_is_set(&environment->client_secret);
}

/* It goes into JSON and into a workflow command as it is. */
static bool is_credential(const struct secret *secret)
{
    return secret->size && secret->size <= CREDENTIAL_MAX && str_only(secret_reveal(secret), "-_.~+/=@");
}

int port_open(struct arena *arena, const struct port_environment *environment, const char *base_url,
              struct net *net, struct port **ret, struct err *err)
{
    size_t size = strlen(base_url);
    while (size && base_url[size - 1] == '/')
        size--;
    if (!port_has_credentials(environment))
        return err_set(
            err, ERR_USAGE,
            "this asks Port: set PORT_CLIENT_ID and PORT_CLIENT_SECRET, from secrets of the repository");
    if (!is_credential(&environment->client_id) || !is_credential(&environment->client_secret))
        return err_set(err, ERR_USAGE,
                       "PORT_CLIENT_ID or PORT_CLIENT_SECRET has characters that no credentials of Port have");
    if (!net_url_is_allowed(base_url, NULL) || strchr(base_url, '?'))
        return err_set(err, ERR_USAGE,
                       "port.base_url '%.200s' is neither https nor http to a loopback address", base_url);
    *ret = ARENA_NEW(arena, struct port);
    **ret =
        (struct port){.environment = environment, .net = net, .base_url = arena_strndup(arena, base_url, size)};
    return 0;
}

void port_close(struct port *port)
{
    if (port)
        secret_clear(&port->token);
}

const char *port_escape(struct arena *arena, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    char *escaped = arena_alloc(arena, 3 * strlen(text) + 1), *to = escaped;
    for (; *text; text++) {
        const char letter[2] = {*text, 0};
        if (str_only(letter, "-._~")) {
            *to++ = *text;
            continue;
        }
        *to++ = '%';
        *to++ = digits[(unsigned char)*text >> 4];
        *to++ = digits[(unsigned char)*text & 15];
    }
    return escaped;
}

/* One request on its way. */
struct sending {
    struct arena *arena;
    struct port *port;
    const struct port_request *request;
    bool repeatable;
    struct port_answer *answer;
    struct err err; /* code ERR_NONE while there is none */
};

static enum net_verdict judge(void *context, const struct net_response *response, int64_t *wait_ms)
{
    const struct sending *sending = context;
    (void)wait_ms;
    if (response->status == STATUS_TOO_MANY)
        return NET_THROTTLED;
    return response->status >= 500 && sending->repeatable ? NET_RETRY : NET_FINAL;
}

/* Port's own words, without what could break a line. */
static const char *printable(struct arena *arena, const char *text)
{
    char *copy = arena_strndup(arena, text, MESSAGE_MAX);
    for (char *c = copy; *c; c++)
        if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
            *c = '?';
    return copy;
}

static void describe(struct sending *sending, const struct net_response *response)
{
    struct json *json = NULL;
    struct err ignored;
    const char *message = NULL;
    sending->answer->error = "";
    if (json_parse(sending->arena, response->body, response->body_size, &json, &ignored) == 0) {
        const char *error = json_get_string(json, "error");
        message = json_get_string(json, "message");
        if (error)
            sending->answer->error = error;
    }
    bool is_trouble = response->status >= 500 || response->status == STATUS_TOO_MANY;
    err_set(&sending->err, is_trouble ? ERR_NET : ERR_REFUSED, "cannot %s: Port answered %ld%s%s%s",
            sending->request->what, response->status, *sending->answer->error ? " " : "",
            printable(sending->arena, sending->answer->error),
            message ? arena_printf(sending->arena, " (%s)", printable(sending->arena, message)) : "");
}

static void take_answer(void *context, const struct net_response *response)
{
    struct sending *sending = context;
    struct json *json = NULL;
    sending->answer->status = response->status;
    sending->answer->error = "";
    if (response->status == 0) {
        sending->err = response->err;
        if (sending->err.code != ERR_STOPPED)
            err_wrap(&sending->err, "cannot %s", sending->request->what);
    } else if (response->status < 200 || response->status > 299) {
        describe(sending, response);
    } else if (response->body_size) {
        if (json_parse(sending->arena, response->body, response->body_size, &json, &sending->err) < 0)
            err_wrap(&sending->err, "cannot %s: the answer of Port", sending->request->what);
        sending->answer->json = json;
    }
}

static int send_one(struct sending *sending, const char *body, size_t body_size, const struct secret *bearer,
                    struct err *err)
{
    const struct port *port = sending->port;
    static const struct net_header headers[] = {{"Accept", "application/json"},
                                                {"Content-Type", "application/json"}};
    const struct net_request message = {
        .method = sending->request->method,
        .url = arena_printf(sending->arena, "%s%s", port->base_url, sending->request->path),
        .headers = headers,
        .header_count = body ? 2 : 1,
        .body = body,
        .body_size = body_size,
        .group = "port",
        .bearer = bearer,
        .retry_lost_answer = sending->repeatable,
        .max_body_size = ANSWER_MAX,
        .classify = judge,
        .done = take_answer,
        .context = sending,
    };
    *sending->answer = (struct port_answer){.error = ""};
    sending->err = (struct err){0};
    net_send(port->net, &message);
    if (net_run(port->net, err) < 0)
        return -1;
    if (sending->err.code == ERR_NONE)
        return 0;
    *err = sending->err;
    return -1;
}

/* The body with the secret is put into memory of its own, which is wiped. */
static char *credentials_body(const struct port_environment *environment, size_t *ret_size)
{
    static const char head[] = "{\"clientId\":\"", middle[] = "\",\"clientSecret\":\"", tail[] = "\"}";
    const struct secret *id = &environment->client_id, *secret = &environment->client_secret;
    size_t size = sizeof head + sizeof middle + sizeof tail - 3 + id->size + secret->size;
    char *body = malloc(size + 1), *to = body;
    if (!body)
        out_of_memory();
    const struct {
        const char *bytes;
        size_t size;
    } parts[] = {{head, sizeof head - 1},
                 {secret_reveal(id), id->size},
                 {middle, sizeof middle - 1},
                 {secret_reveal(secret), secret->size},
                 {tail, sizeof tail}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        memcpy(to, parts[i].bytes, parts[i].size);
        to += parts[i].size;
    }
    *ret_size = size;
    return body;
}

static int get_token(struct port *port, struct err *err)
{
    struct arena *scratch CLEANUP(arena_freep) = arena_new();
    const struct port_request request = {.method = "POST",
                                         .path = "/v1/auth/access_token",
                                         .what = "get a token of Port"};
    struct port_answer answer = {.error = ""};
    struct sending sending = {scratch, port, &request, true, &answer, {0}};
    size_t size;
    char *body = credentials_body(port->environment, &size);
    secret_clear(&port->token);
    int rc = send_one(&sending, body, size, NULL, err);
    explicit_bzero(body, size);
    free(body);
    if (rc < 0)
        return answer.status == STATUS_UNAUTHORIZED
                   ? err_set(err, ERR_REFUSED, "Port does not take PORT_CLIENT_ID and PORT_CLIENT_SECRET")
                   : -1;
    const char *token = json_get_string(answer.json, "accessToken");
    if (!token || !*token || !str_only(token, "-_.~+/="))
        return err_set(err, ERR_INPUT, "cannot get a token of Port: its answer holds none");
    secret_set(&port->token, token, strlen(token));
    if (port->environment->on_secret)
        port->environment->on_secret(port->environment->on_secret_context, &port->token);
    return 0;
}

/* A line of a log is the only thing that would stand there twice. */
static bool is_repeatable(const struct port_request *request)
{
    return !str_eq(request->method, "POST") || !str_suffix(request->path, "/logs");
}

int port_send(struct arena *arena, struct port *port, const struct port_request *request,
              struct port_answer *ret, struct err *err)
{
    struct sending sending = {arena, port, request, is_repeatable(request), ret, {0}};
    size_t size = request->body ? strlen(request->body) : 0;
    *ret = (struct port_answer){.error = ""};
    bool is_new = !secret_is_set(&port->token);
    if (is_new && get_token(port, err) < 0)
        return -1;
    int rc = send_one(&sending, request->body, size, &port->token, err);
    if (rc == 0 || ret->status != STATUS_UNAUTHORIZED || is_new)
        return rc;
    return get_token(port, err) < 0 ? -1 : send_one(&sending, request->body, size, &port->token, err);
}
