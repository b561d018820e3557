/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An AWS for the benchmark of apply: one thread on epoll, each answer a fixed time after its request has come.
 * It knows AssumeRole, GetAccountAuthorizationDetails, GetAccountSummary and PutUserPolicy, remembers one inline
 * policy of each user, and checks nothing. Account 1000000000AA… has the users aAAA-u000, aAAA-u001, …
 *
 * usage: iam_stub USERS DELAY_MS    prints its port; ends with its standard input
 *
 * GET /stats answers what was called since the last time: "calls ASSUMED READS WRITES BUSIEST", where BUSIEST is
 * the most calls in one account.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { ACCOUNTS = 1000, USERS_MAX = 1000, EVENTS = 256, IN_MAX = 256 * 1024 };

#define NAMESPACE "xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\""

struct text {
    char *bytes;
    size_t size, capacity;
};

struct connection {
    int socket;
    struct text in, out;
    size_t sent;
    int64_t due_ns;
    struct connection *next; /* whose answer waits, the first due first */
    bool waiting, closed;
};

struct user {
    char *name, *document; /* of its inline policy; NULL: none */
};

static struct user *users[ACCOUNTS];
static unsigned calls[ACCOUNTS], assumed, reads, writes;
static unsigned user_count;
static int64_t delay_ns;
static int poller, timer;
static struct connection *first, *last;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void reserve(struct text *text, size_t more)
{
    if (text->size + more + 1 <= text->capacity)
        return;
    text->capacity = (text->size + more + 1) * 2;
    text->bytes = realloc(text->bytes, text->capacity);
    if (!text->bytes)
        die("realloc");
}

static void add(struct text *text, const char *bytes, size_t size)
{
    reserve(text, size);
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = 0;
}

static void addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void addf(struct text *text, const char *format, ...)
{
    char line[1024];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (length < 0 || (size_t)length >= sizeof line)
        abort();
    add(text, line, (size_t)length);
}

/* The value of a field of the form, as it is encoded; NULL when it is not there. */
static char *field(const char *form, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = form; at; at = strchr(at, '&'), at = at ? at + 1 : NULL) {
        if (strncmp(at, name, length) != 0 || at[length] != '=')
            continue;
        return strndup(at + length + 1, strcspn(at + length + 1, "&"));
    }
    return NULL;
}

/* "…100000000AAA" → AAA */
static unsigned account_index(const char *id)
{
    unsigned long number = id && strlen(id) >= 12 ? strtoul(id + 9, NULL, 10) : ACCOUNTS;
    if (number >= ACCOUNTS)
        abort();
    return (unsigned)number;
}

static struct user *account_users(unsigned account)
{
    if (!users[account])
        users[account] = calloc(user_count, sizeof *users[account]);
    if (!users[account])
        die("calloc");
    return users[account];
}

static void answer_assume_role(struct text *body, const char *form)
{
    char *arn = field(form, "RoleArn"); /* arn%3Aaws%3Aiam%3A%3A100000000AAA%3Arole%2F… */
    const char *id = arn ? strstr(arn, "%3A%3A") : NULL;
    if (!id)
        abort();
    calls[account_index((char[13]){id[6], id[7], id[8], id[9], id[10], id[11], id[12], id[13], id[14], id[15],
                                   id[16], id[17], 0})]++;
    assumed++;
    addf(body,
         "<AssumeRoleResponse " NAMESPACE "><AssumeRoleResult><Credentials><AccessKeyId>ASIA%.12s</AccessKeyId>"
         "<SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z"
         "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
         id + 6);
    free(arn);
}

static void answer_details(struct text *body, unsigned account)
{
    const struct user *of = account_users(account);
    addf(body, "<GetAccountAuthorizationDetailsResponse " NAMESPACE "><GetAccountAuthorizationDetailsResult>"
               "<IsTruncated>false</IsTruncated><UserDetailList>");
    for (unsigned i = 0; i < user_count; i++) {
        addf(body,
             "<member><Path>/</Path><UserName>a%03u-u%03u</UserName><UserId>AIDA%08u%08u</UserId>"
             "<Arn>arn:aws:iam::100000000%03u:user/a%03u-u%03u</Arn><CreateDate>2025-01-01T00:00:00Z</CreateDate>"
             "<GroupList/><AttachedManagedPolicies/><UserPolicyList>",
             account, i, account, i, account, account, i);
        if (of[i].name) {
            addf(body, "<member><PolicyName>%s</PolicyName><PolicyDocument>", of[i].name);
            add(body, of[i].document, strlen(of[i].document));
            addf(body, "</PolicyDocument></member>");
        }
        addf(body, "</UserPolicyList></member>");
    }
    addf(body, "</UserDetailList><GroupDetailList/><RoleDetailList/><Policies/>"
               "</GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>");
}

static void answer_summary(struct text *body)
{
    static const struct {
        const char *key;
        unsigned value;
    } entries[] = {
        {"PolicySizeQuota", 6144},
        {"UserPolicySizeQuota", 2048},
        {"RolePolicySizeQuota", 10240},
        {"GroupPolicySizeQuota", 5120},
        {"AssumeRolePolicySizeQuota", 2048},
        {"AttachedPoliciesPerUserQuota", 10},
        {"AttachedPoliciesPerRoleQuota", 10},
        {"AttachedPoliciesPerGroupQuota", 10},
        {"VersionsPerPolicyQuota", 5},
        {"PoliciesQuota", 1500},
        {"Policies", 0},
        {"RolesQuota", 1000},
        {"Roles", 0},
        {"UsersQuota", 5000},
        {"PolicyVersionsInUseQuota", 10000},
        {"PolicyVersionsInUse", 0},
    };
    addf(body, "<GetAccountSummaryResponse " NAMESPACE "><GetAccountSummaryResult><SummaryMap>");
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        addf(body, "<entry><key>%s</key><value>%u</value></entry>", entries[i].key, entries[i].value);
    addf(body, "</SummaryMap></GetAccountSummaryResult></GetAccountSummaryResponse>");
}

static void put_user_policy(struct text *body, const char *form, unsigned account)
{
    char *user = field(form, "UserName"), *name = field(form, "PolicyName"),
         *document = field(form, "PolicyDocument");
    const char *number = user ? strstr(user, "-u") : NULL;
    unsigned long index = number ? strtoul(number + 2, NULL, 10) : USERS_MAX;
    if (!name || !document || index >= user_count || strchr(document, '+'))
        abort(); /* a '+' would be a space, which a document in an answer shows as %20 */
    struct user *of = &account_users(account)[index];
    free(of->name);
    free(of->document);
    *of = (struct user){.name = name, .document = document};
    free(user);
    writes++;
    addf(body,
         "<PutUserPolicyResponse " NAMESPACE "><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>"
         "</PutUserPolicyResponse>");
}

static void answer_stats(struct text *body)
{
    unsigned busiest = 0, total = 0;
    for (unsigned i = 0; i < ACCOUNTS; i++) {
        busiest = calls[i] > busiest ? calls[i] : busiest;
        total += calls[i];
        calls[i] = 0;
    }
    addf(body, "%u %u %u %u %u\n", total, assumed, reads, writes, busiest);
    assumed = reads = writes = 0;
}

/* What the request asks for. */
static void answer(struct connection *connection, const char *form)
{
    static struct text body;
    char head[160], *action = field(form, "Action"), *key = strstr(connection->in.bytes, "Credential=ASIA");
    int status = 200;
    body.size = 0;
    if (strncmp(connection->in.bytes, "GET /stats", 10) == 0) {
        answer_stats(&body);
    } else if (action && strcmp(action, "AssumeRole") == 0) {
        answer_assume_role(&body, form);
    } else if (action && key) {
        unsigned account = account_index(key + strlen("Credential=ASIA"));
        calls[account]++;
        reads += strncmp(action, "Get", 3) == 0;
        if (strcmp(action, "GetAccountAuthorizationDetails") == 0)
            answer_details(&body, account);
        else if (strcmp(action, "GetAccountSummary") == 0)
            answer_summary(&body);
        else if (strcmp(action, "PutUserPolicy") == 0)
            put_user_policy(&body, form, account);
        else
            status = 400;
    } else {
        status = 400;
    }
    int length =
        snprintf(head, sizeof head, "HTTP/1.1 %d X\r\nContent-Type: text/xml\r\nContent-Length: %zu\r\n\r\n",
                 status, body.size);
    connection->out.size = connection->sent = 0;
    add(&connection->out, head, (size_t)length);
    add(&connection->out, body.bytes ? body.bytes : "", body.size);
    free(action);
}

static void watch(struct connection *connection, int how, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(poller, how, connection->socket, &event) < 0)
        die("epoll_ctl");
}

static void drop(struct connection *connection)
{
    if (!connection->closed)
        close(connection->socket);
    connection->closed = true;
    if (connection->waiting)
        return; /* it still stands in the list of answers */
    free(connection->in.bytes);
    free(connection->out.bytes);
    free(connection);
}

static void set_timer(void)
{
    struct itimerspec when = {0};
    if (first) {
        when.it_value.tv_sec = first->due_ns / 1000000000;
        when.it_value.tv_nsec = first->due_ns % 1000000000;
    }
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void send_more(struct connection *connection)
{
    while (connection->sent < connection->out.size) {
        ssize_t got = send(connection->socket, connection->out.bytes + connection->sent,
                           connection->out.size - connection->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (got <= 0) {
            watch(connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
            return;
        }
        connection->sent += (size_t)got;
    }
    watch(connection, EPOLL_CTL_MOD, EPOLLIN);
}

static void send_due(void)
{
    int64_t now = now_ns();
    while (first && first->due_ns <= now) {
        struct connection *connection = first;
        first = connection->next;
        last = first ? last : NULL;
        connection->waiting = false;
        if (connection->closed)
            drop(connection);
        else
            send_more(connection);
    }
    set_timer();
}

static void take_request(struct connection *connection)
{
    char *end = strstr(connection->in.bytes, "\r\n\r\n");
    const char *length = strcasestr(connection->in.bytes, "\r\nContent-Length:");
    size_t size = length ? strtoul(length + strlen("\r\nContent-Length:"), NULL, 10) : 0;
    if (!end || connection->in.size < (size_t)(end + 4 - connection->in.bytes) + size)
        return;
    answer(connection, end + 4);
    connection->in.size = 0;
    connection->due_ns = now_ns() + delay_ns;
    connection->next = NULL;
    connection->waiting = true;
    if (last)
        last->next = connection;
    else
        first = connection;
    last = connection;
    if (first == connection)
        set_timer();
}

static void receive(struct connection *connection)
{
    reserve(&connection->in, IN_MAX);
    ssize_t got =
        recv(connection->socket, connection->in.bytes + connection->in.size, IN_MAX / 2, MSG_DONTWAIT);
    if (got <= 0) {
        drop(connection);
        return;
    }
    connection->in.size += (size_t)got;
    connection->in.bytes[connection->in.size] = 0;
    if (connection->in.size > IN_MAX)
        abort();
    take_request(connection);
}

static void welcome(int listener)
{
    int socket = accept(listener, NULL, NULL), on = 1;
    struct connection *connection = calloc(1, sizeof *connection);
    if (socket < 0 || !connection)
        die("accept");
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection->socket = socket;
    watch(connection, EPOLL_CTL_ADD, EPOLLIN);
}

static int open_listener(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 ||
        listen(listener, 1024) < 0 || getsockname(listener, (struct sockaddr *)&address, &length) < 0)
        die("listen");
    printf("%u\n", (unsigned)ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(int argc, char *argv[])
{
    if (argc != 3)
        return 64;
    user_count = (unsigned)strtoul(argv[1], NULL, 10);
    delay_ns = strtol(argv[2], NULL, 10) * 1000000;
    if (user_count < 1 || user_count > USERS_MAX)
        return 64;
    poller = epoll_create1(0);
    timer = timerfd_create(CLOCK_MONOTONIC, 0);
    struct connection listener = {.socket = open_listener()}, alarm = {.socket = timer},
                      parent = {.socket = STDIN_FILENO};
    watch(&listener, EPOLL_CTL_ADD, EPOLLIN);
    watch(&alarm, EPOLL_CTL_ADD, EPOLLIN);
    watch(&parent, EPOLL_CTL_ADD, EPOLLIN);
    for (;;) {
        struct epoll_event events[EVENTS];
        int count = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            uint64_t expirations;
            if (connection == &parent)
                return 0;
            else if (connection == &listener)
                welcome(listener.socket);
            else if (connection == &alarm)
                (void)!read(timer, &expirations, sizeof expirations);
            else if (events[i].events & EPOLLOUT)
                send_more(connection);
            else
                receive(connection);
        }
        send_due();
    }
}
