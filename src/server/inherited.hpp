// A listening socket handed over by a supervisor, so that it outlives this process: the protocol of systemd's
// socket activation (sd_listen_fds(3)). The descriptor is number 3, LISTEN_FDS says how many there are and
// LISTEN_PID whom they are for.
#pragma once

#include <optional>

namespace odeon::server {

// The socket, if one was handed to this process. The variables are taken out of the environment and the
// descriptor is kept from child processes, so it is asked once, before threads are started. Throws Error for
// anything but one socket.
std::optional<int> take_inherited_socket();

}  // namespace odeon::server
