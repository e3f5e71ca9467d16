/* What the kernel charges for a grab: plain sockets and one epoll, nothing parsed, nothing written down.
 *
 *   limit PORT COUNT CONCURRENCY [ask]
 *
 * Visits 127.0.1.1, 127.0.1.2, ...: connects, reads once, closes. With "ask" it sends a small HTTP request when
 * it is connected and reads to the end: the limit of those that wait for the client.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 128, STALLED_MS = 10000 };

static const char REQUEST[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

static void begin(int poll, uint32_t address, int port, bool asks) {
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(address)}};
    int sock = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (sock < 0) err(1, "socket");
    if (connect(sock, (struct sockaddr *)&peer, sizeof peer) < 0 && errno != EINPROGRESS) err(1, "connect");
    struct epoll_event wanted = {.events = EPOLLIN | EPOLLET | (asks ? EPOLLOUT : 0), .data = {.fd = sock}};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, sock, &wanted) < 0) err(1, "epoll_ctl");
}

/* Whether `sock` has told what it had to tell. */
static bool over(int sock, uint32_t events, bool asks, bool *asked) {
    char data[16384];
    if (asks && !*asked && events & EPOLLOUT) {
        *asked = true;
        if (send(sock, REQUEST, sizeof REQUEST - 1, MSG_NOSIGNAL) < 0) err(1, "send");
    }
    if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR))) return false;
    for (;;) {
        ssize_t got = recv(sock, data, asks ? sizeof data : 1024, 0);
        if (got < 0 && errno == EAGAIN) return false;
        if (got < 0) err(1, "recv");
        if (got == 0 || !asks) return true;
    }
}

int main(int count_of, char **words) {
    if (count_of < 4) errx(2, "limit PORT COUNT CONCURRENCY [ask]");
    int port = atoi(words[1]);
    long count = atol(words[2]), room = atol(words[3]), begun = 0, ended = 0;
    bool asks = count_of > 4;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    bool *asked = calloc(files.rlim_max, sizeof *asked);
    int poll = epoll_create1(EPOLL_CLOEXEC);
    if (poll < 0 || !asked) err(1, "epoll_create1");
    while (ended < count) {
        for (; begun < count && begun - ended < room; begun++) begin(poll, 0x7f000101 + begun, port, asks);
        struct epoll_event events[BATCH];
        int ready = epoll_wait(poll, events, BATCH, STALLED_MS);
        if (ready <= 0) errx(1, "nothing came for %d ms", STALLED_MS);
        for (int at = 0; at < ready; at++) {
            int sock = events[at].data.fd;
            if (!over(sock, events[at].events, asks, &asked[sock])) continue;
            asked[sock] = false;
            close(sock);
            ended++;
        }
    }
}
