/* late: a library that is loaded when a demo needs it. */
#include "late.h"

#include <dlfcn.h>
#include <string.h>

#include "lockstep/program.h"

bool
late_load(const char *library, const struct late *late, size_t n)
{
	void *handle = dlopen(library, RTLD_NOW);

	for (size_t i = 0; handle != NULL && i < n; i++) {
		void *function = dlsym(handle, late[i].name);

		if (function == NULL)
			handle = NULL;
		memcpy(late[i].pointer, &function, sizeof function);
	}
	if (handle == NULL)
		say("%s", dlerror());
	return handle != NULL;
}
