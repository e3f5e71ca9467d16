/* A server that costs the measured client nothing: greets, and waits until the client closes.
 *
 *   greeter PORT [unique | silent | DELAY_MS]
 *
 * On every address of this machine. "unique": no two greetings are the same. "silent": none greets, or answers. A delay
 * is kept in a queue, for it is the same for all.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 256, BACKLOG = 16384, WAITING = 1 << 17 };

static bool unique, silent;
static long greeted;
static struct { int sock; double due; } queue[WAITING];
static size_t head, tail;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void greet(int sock) {
    if (silent) return;
    char text[128];
    int length = unique ? snprintf(text, sizeof text, "SSH-2.0-OpenSSH_%ld.%ldp1 Debian-2+deb12u3 %ld\r\n",
                                   7 + greeted % 3, greeted % 10, greeted)
                        : snprintf(text, sizeof text, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n");
    greeted++;
    send(sock, text, length, MSG_NOSIGNAL);
}

int main(int count, char **words) {
    if (count < 2) errx(2, "greeter PORT [unique | silent | DELAY_MS]");
    double delay = 0;
    for (int at = 2; at < count; at++) {
        if (!strcmp(words[at], "unique")) unique = true;
        else if (!strcmp(words[at], "silent")) silent = true;
        else delay = atof(words[at]) / 1000;
    }
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1]))};
    if (bind(listener, (struct sockaddr *)&here, sizeof here) < 0) err(1, "bind");
    if (listen(listener, BACKLOG) < 0) err(1, "listen");
    int poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event wanted = {.events = EPOLLIN, .data = {.fd = listener}};
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &wanted);
    for (;;) {
        struct epoll_event events[BATCH];
        int ready = epoll_wait(poll, events, BATCH, head == tail ? -1 : 1);
        for (int at = 0; at < ready; at++) {
            int sock = events[at].data.fd;
            if (sock != listener) { /* the client has closed, or speaks to the silent */
                char data[4096];
                if (!silent || recv(sock, data, sizeof data, 0) <= 0) close(sock);
                continue;
            }
            while ((sock = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
                setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                struct epoll_event end = {.events = EPOLLIN, .data = {.fd = sock}};
                if (delay) {
                    queue[tail % WAITING].sock = sock;
                    queue[tail++ % WAITING].due = now() + delay;
                } else {
                    greet(sock);
                    epoll_ctl(poll, EPOLL_CTL_ADD, sock, &end);
                }
            }
        }
        for (double time = head == tail ? 0 : now(); head != tail && queue[head % WAITING].due <= time; head++) {
            int sock = queue[head % WAITING].sock;
            struct epoll_event end = {.events = EPOLLIN, .data = {.fd = sock}};
            greet(sock);
            epoll_ctl(poll, EPOLL_CTL_ADD, sock, &end);
        }
    }
}
