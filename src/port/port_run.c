/* SPDX-License-Identifier: Apache-2.0 */
#include "port/port_run.h"

#include "base/str.h"
#include "base/time.h"
#include "port/port_payload.h"

enum { STATUS_NOT_FOUND = 404, PAGES_MAX = 100 };

/* "x", or {"identifier": "x"} */
static const char *identifier_at(const struct json *json, const char *key)
{
    const struct json *value = json_get(json, key);
    if (value && value->kind == JSON_STRING)
        return value->string;
    return json_get_string(value, "identifier");
}

/* Who is who: asked for once, and only when somebody is named by an id. */
struct people {
    const struct json *users;
    bool is_read;
};

/*
 * GET /v1/users: docs.port.io/api-reference/get-all-users-in-your-organization, `users` with `id` and `email`.
 */
static int read_people(struct arena *arena, struct port *port, struct people *people, struct err *err)
{
    struct port_answer answer = {.error = ""};
    const struct port_request request = {.method = "GET",
                                         .path = "/v1/users",
                                         .what = "read the users of Port"};
    if (people->is_read)
        return 0;
    if (port_send(arena, port, &request, &answer, err) < 0)
        return -1;
    people->users = json_get(answer.json, "users");
    people->is_read = true;
    return 0;
}

/*
 * docs.port.io/api-reference/get-all-action-runs: what started a run is its `source`, UI, API or AUTOMATION.
 * An automation's has a user, too: the one whose change was its event, and who asked for nothing
 * (docs.port.io/actions-and-automations/define-automations/setup-action, "Trigger data").
 */
static bool is_of_a_person(const struct json *run)
{
    const char *source = json_get_string(run, "source");
    return source && (str_eq(source, "UI") || str_eq(source, "API"));
}

/*
 * Port names a user by the address, or by an id of its own, which has `|` and may end with an address
 * (`createdBy` in docs.port.io/actions-and-automations/reflect-action-progress: "auth0|638879fa62c686d381b36ecb").
 */
static int find_requester(struct arena *arena, struct port *port, struct people *people,
                          const struct json *run, struct port_run *ret, struct err *err)
{
    const struct json *by = json_get(run, "createdBy");
    const char *email = by && by->kind == JSON_STRING ? by->string : json_get_string(by, "email");
    if (!email || !*email || !is_of_a_person(run))
        return 0;
    if (strchr(email, '@') && !strchr(email, '|')) {
        ret->requester = email;
        return 0;
    }
    if (read_people(arena, port, people, err) < 0)
        return -1;
    const struct json *users = people->users;
    for (size_t i = 0; users && users->kind == JSON_ARRAY && i < users->count; i++) {
        const char *id = json_get_string(&users->items[i], "id");
        if (id && str_eq(id, email))
            ret->requester = json_get_string(&users->items[i], "email");
    }
    return 0;
}

/* False: it is none. */
static bool take_run(const struct json *run, struct port_run *ret)
{
    const char *status = json_get_string(run, "status");
    *ret = (struct port_run){
        .id = json_get_string(run, "id"),
        .action = identifier_at(run, "action"),
        .in_progress = status && str_eq(status, "IN_PROGRESS"),
        .blueprint = identifier_at(run, "blueprint"),
        .entity = identifier_at(run, "entity"),
        .inputs = json_get(run, "properties"),
    };
    const char *created_at = json_get_string(run, "createdAt");
    if (!created_at || !time_parse_rfc3339(created_at, &ret->created_at_s))
        ret->created_at_s = 0;
    return status && ret->id && ret->action;
}

/*
 * What is not there is no error. Anything else that Port says is about us and not about what is read, and
 * what cannot be understood says nothing: the next try may be answered.
 */
static int send_read(struct arena *arena, struct port *port, const struct port_request *request,
                     struct port_answer *ret, struct err *err)
{
    if (port_send(arena, port, request, ret, err) == 0 || ret->status == STATUS_NOT_FOUND)
        return 0;
    if (err->code == ERR_REFUSED || err->code == ERR_INPUT)
        err->code = ERR_NET;
    return -1;
}

int port_run_read(struct arena *arena, struct port *port, const char *run_id, struct port_run *ret,
                  bool *ret_found, struct err *err)
{
    struct port_answer answer = {.error = ""};
    struct people people = {0};
    const struct port_request request = {
        .method = "GET",
        .path = arena_printf(arena, "/v1/actions/runs/%s?version=v2", port_escape(arena, run_id)),
        .what = arena_printf(arena, "read the run %s", run_id),
    };
    *ret = (struct port_run){.id = run_id};
    *ret_found = false;
    if (send_read(arena, port, &request, &answer, err) < 0)
        return -1;
    if (answer.status == STATUS_NOT_FOUND)
        return err_set(err, ERR_REFUSED, "Port has no run %s", run_id);
    const struct json *run = json_get(answer.json, "run");
    bool is_one = take_run(run, ret) && str_eq(ret->id, run_id);
    ret->id = run_id;
    if (!is_one)
        return err_set(err, ERR_NET, "cannot read the run %s: the answer of Port is no such run", run_id);
    *ret_found = true;
    return find_requester(arena, port, &people, run, ret, err);
}

static bool is_among(const struct located_list *actions, const char *action)
{
    for (size_t i = 0; i < actions->count; i++)
        if (str_eq(actions->items[i].text, action))
            return true;
    return false;
}

/* What is of another action or blueprint, over, or no run that could have a name is left out. */
static int take_runs(struct arena *arena, struct port *port, struct people *people, const struct json *runs,
                     const char *blueprint, const struct located_list *actions, struct port_runs *ret,
                     struct err *err)
{
    for (size_t i = 0; i < runs->count; i++) {
        struct port_run run;
        if (!take_run(&runs->items[i], &run) || !run.in_progress || !is_among(actions, run.action) ||
            !run.blueprint || !str_eq(run.blueprint, blueprint) || !port_is_run_id(run.id))
            continue;
        if (find_requester(arena, port, people, &runs->items[i], &run, err) < 0)
            return -1;
        *VEC_ADD(arena, ret) = run;
    }
    return 0;
}

/*
 * docs.port.io/api-reference/get-all-action-runs: newest first, page after page while there is a `next`, also
 * after an empty one.
 */
int port_runs_in_progress(struct arena *arena, struct port *port, const char *blueprint,
                          const struct located_list *actions, struct port_runs *ret, struct err *err)
{
    static const char what[] = "read the runs in progress";
    struct people people = {0};
    const char *first = arena_printf(arena, "/v1/actions/runs?version=v2&active=true&blueprint=%s",
                                     port_escape(arena, blueprint));
    const char *next = NULL;
    for (size_t page = 0; page < PAGES_MAX; page++) {
        struct port_answer answer = {.error = ""};
        const struct port_request request = {
            .method = "GET",
            .path = next ? arena_printf(arena, "%s&next=%s", first, port_escape(arena, next)) : first,
            .what = what,
        };
        if (port_send(arena, port, &request, &answer, err) < 0)
            return -1;
        const struct json *runs = json_get(answer.json, "runs");
        const char *following = json_get_string(answer.json, "next");
        if (!runs || runs->kind != JSON_ARRAY)
            return err_set(err, ERR_INPUT, "cannot %s: the answer of Port holds none", what);
        if (take_runs(arena, port, &people, runs, blueprint, actions, ret, err) < 0)
            return -1;
        if (!following || !*following)
            return 0;
        if (next && str_eq(following, next))
            break;
        next = following;
    }
    return err_set(err, ERR_INPUT, "cannot %s: the list of Port has no end", what);
}

int port_entity_read(struct arena *arena, struct port *port, const char *blueprint, const char *identifier,
                     struct port_entity *ret, struct err *err)
{
    struct port_answer answer = {.error = ""};
    const struct port_request request = {
        .method = "GET",
        .path = arena_printf(arena, "/v1/blueprints/%s/entities/%s", port_escape(arena, blueprint),
                             port_escape(arena, identifier)),
        .what = arena_printf(arena, "read the entity '%.200s'", identifier),
    };
    if (send_read(arena, port, &request, &answer, err) < 0)
        return -1;
    if (answer.status == STATUS_NOT_FOUND)
        return err_set(err, ERR_REFUSED, "Port has no entity '%.200s' in the blueprint '%.100s'", identifier,
                       blueprint);
    const struct json *entity = json_get(answer.json, "entity");
    const char *id = json_get_string(entity, "identifier");
    if (!id || !str_eq(id, identifier))
        return err_set(err, ERR_NET, "cannot read the entity '%.200s': the answer of Port is another",
                       identifier);
    *ret = (struct port_entity){.identifier = id,
                                .account_id = port_text_at(entity, "properties.account_id"),
                                .team = port_text_at(entity, "properties.iamlease_team"),
                                .owner = port_text_at(entity, "properties.owner")};
    return 0;
}
