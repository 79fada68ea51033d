// A program that a test needs beside it: ended with the test, however that ends.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace odeon::testing {

class Child {
 public:
  // Starts `arguments[0]`, looked for in PATH, with `environment` added to the test's own. Throws if it cannot be.
  explicit Child(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment = {});
  ~Child();  // kills it
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Reads what it writes, to standard output and error, until a line has `text` in it, which is returned;
  // nothing if it ends before. Blocks. Throws, with where it stands, if it is silent for longer than `patience`.
  std::string wait_for_line(std::string_view text, std::chrono::seconds patience = std::chrono::seconds(240));
  void kill();
  void stop();  // it stands still as if its machine did, until `go_on`
  void go_on();
  const std::string& output() const { return output_; }  // read so far

 private:
  void send(int signal);
  std::string whereabouts() const;
  int process_ = -1;
  int pipe_ = -1;
  std::string output_;
};

}  // namespace odeon::testing
