/* A disk that is slow to make things durable: every fsync and fdatasync first waits for as many milliseconds as stand
   in the file SLOW_DISK (none: not at all). Each wait leaves a byte in SLOW_DISK.waits. Loaded by LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_as_told(void) {
    const char *told = getenv("SLOW_DISK");
    char text[16] = {0}, waits[4096];
    int file = told ? open(told, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    long milliseconds = length > 0 ? atol(text) : 0;
    if (milliseconds <= 0) return;
    usleep((useconds_t)milliseconds * 1000);
    snprintf(waits, sizeof waits, "%s.waits", told);
    file = open(waits, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return;
    if (write(file, ".", 1) < 0) { /* the byte is only for the count */ }
    close(file);
}

int fsync(int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_as_told();
    return real(file);
}

int fdatasync(int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_as_told();
    return real(file);
}
