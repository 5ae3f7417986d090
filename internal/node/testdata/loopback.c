/* Preloaded into peers that listen on every address and cannot be told otherwise:
   what they bind is loopback. Built and used by the tests of the DICOM door alone. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

typedef int (*bind_function)(int, const struct sockaddr *, socklen_t);

int bind(int socket, const struct sockaddr *address, socklen_t length)
{
	bind_function next = (bind_function)dlsym(RTLD_NEXT, "bind");
	struct sockaddr_storage local;

	if (address == NULL || length > sizeof local)
		return next(socket, address, length);
	memset(&local, 0, sizeof local);
	memcpy(&local, address, length);
	if (local.ss_family == AF_INET)
		((struct sockaddr_in *)&local)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else if (local.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&local)->sin6_addr = in6addr_loopback;
	return next(socket, (struct sockaddr *)&local, length);
}
