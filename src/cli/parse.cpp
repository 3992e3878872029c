// SPDX-License-Identifier: Apache-2.0
// The one file that knows CLI11: commands become its applications, its errors become ours.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "command.hpp"
#include "nearest.hpp"
#include "usage_error.hpp"

namespace quartet::cli {

namespace {

constexpr std::string_view about =
    "quartet runs the same work one by one, asynchronously, on threads, or on processes.";

/// "quartet compare images", for messages.
std::string full_name(CLI::App const& app) {
  std::string const above = app.get_parent() == nullptr ? "" : full_name(*app.get_parent()) + " ";
  return above + app.get_name();
}

std::string see_help(CLI::App const& app) { return "; see `" + full_name(app) + " --help`"; }

/// What to do about a word that is not there: the one that was meant, or where all are listed.
std::string guess_or_help(std::string const& word, std::vector<std::string> const& candidates,
                          CLI::App const& app) {
  std::string const guess = nearest(word, candidates);
  return guess.empty() ? see_help(app) : "; did you mean '" + guess + "'?";
}

class cli11_arguments final : public arguments {
 public:
  explicit cli11_arguments(CLI::App& app) : app_(app) {}

  void positional(std::string_view name, std::string_view help, std::string& into) override {
    app_.add_option(std::string(name), into, std::string(help))->required()->type_name(" ");
  }
  void rest(std::string_view name, std::string_view help, std::vector<std::string>& into) override {
    app_.prefix_command();
    app_.description(app_.get_description() + "\n\n  " + std::string(name) + " [ARGUMENT...]  " +
                     std::string(help));
    app_.parse_complete_callback([this_app = &app_, &into] { into = this_app->remaining(); });
  }
  void option(flag const& f, std::function<void(std::string const&)> effect) override {
    app_.add_option_function<std::string>(std::string(f.name), std::move(effect),
                                          std::string(f.help))
        ->type_name(std::string(f.value))
        ->default_str(std::string(f.fallback))
        ->take_last();
  }
  void toggle(flag const& f, bool& into) override {
    app_.add_flag(std::string(f.name), into, std::string(f.help));
  }

 private:
  CLI::App& app_;
};

CLI::App& below(CLI::App& app, std::string const& name) {
  for (CLI::App* one : app.get_subcommands({}))
    if (one->get_name() == name) return *one;
  return *app.add_subcommand(name);
}

/// The application at `path`, made where it is missing.
CLI::App& app_at(CLI::App& root, std::string_view path) {
  CLI::App* at = &root;
  while (!path.empty()) {
    std::string const name(path.substr(0, path.find(' ')));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    at->require_subcommand(0, 1);  // so that a folder may have the name of a command
    at = below(*at, name).allow_extras();
  }
  return *at;
}

/// The last command that was named.
CLI::App& reached(CLI::App& root) {
  auto const named = root.get_subcommands();
  return named.empty() ? root : reached(*named.front());
}

std::vector<std::string> names_of_commands(CLI::App& app) {
  std::vector<std::string> names;
  for (CLI::App const* one : app.get_subcommands({})) names.push_back(one->get_name());
  return names;
}

std::vector<std::string> names_of_flags(CLI::App& app) {
  std::vector<std::string> names;
  for (CLI::Option const* o : app.get_options())
    for (std::string const& name : o->get_lnames()) names.push_back("--" + name);
  return names;
}

/// Words that nothing took: a flag that is not there, a wrong command, one word too many.
void refuse_extras(CLI::App& app) {
  std::vector<std::string> const extras = app.remaining();
  if (extras.empty() || app.get_prefix_command()) return;
  for (std::string const& word : extras) {
    if (word.size() < 2 || word.front() != '-') continue;
    std::string const name = word.substr(0, word.find('='));
    throw usage_error(name + ": there is no such option" +
                      guess_or_help(name, names_of_flags(app), app));
  }
  std::string const& word = extras.front();
  auto const commands = names_of_commands(app);
  if (commands.empty()) throw usage_error("'" + word + "': one argument too many" + see_help(app));
  throw usage_error("'" + word + "': there is no such command" +
                    guess_or_help(word, commands, app));
}

void require_command(CLI::App& app) {
  auto const commands = names_of_commands(app);
  if (commands.empty()) return;
  std::string list;
  for (std::string const& name : commands) list += " " + name;
  throw usage_error("a command is missing after `" + full_name(app) + "`; there are:" + list +
                    see_help(app));
}

/// CLI11 begins most of its messages with the option: "--width: 1 required N missing".
[[noreturn]] void refuse(CLI::ParseError const& e, CLI::App& app) {
  refuse_extras(app);
  std::string const what = e.what();
  if (e.get_name() == "ArgumentMismatch" && what.starts_with("--"))
    throw usage_error(what.substr(0, what.find(':')) + ": its value is missing" + see_help(app));
  throw usage_error(what + see_help(app));
}

struct declared {
  CLI::App* app;
  std::unique_ptr<execution> work;
};

std::vector<declared> declare_all(CLI::App& root, std::span<command const* const> commands) {
  std::vector<declared> all;
  for (command const* c : commands) {
    CLI::App& app = app_at(root, c->path);
    app.description(std::string(c->summary));
    if (!c->group.empty()) app.get_parent()->description(std::string(c->group));
    app.footer(std::string(c->more));
    app.get_formatter()->column_width(26);
    cli11_arguments arguments(app);
    all.push_back({&app, c->declare(arguments)});
  }
  return all;
}

}  // namespace

std::variant<std::unique_ptr<execution>, asked_text> parse(int argc, char const* const* argv,
                                                           std::span<command const* const> commands,
                                                           std::string_view version) {
  CLI::App root{std::string(about), "quartet"};
  root.allow_extras()->set_help_flag("-h,--help", "explain, and exit");
  root.set_version_flag("--version", "quartet " + std::string(version),
                        "print the version, and exit");
  root.get_formatter()->column_width(26);
  root.footer("`quartet COMMAND --help` explains a command, its options and exit codes.");
  std::vector<declared> all = declare_all(root, commands);
  try {
    root.parse(argc, argv);
  } catch (CLI::CallForHelp const&) {
    return asked_text{root.help()};
  } catch (CLI::CallForVersion const& e) {
    return asked_text{std::string(e.what()) + "\n"};
  } catch (CLI::ParseError const& e) {
    refuse(e, reached(root));
  }
  refuse_extras(root);
  CLI::App& app = reached(root);
  refuse_extras(app);
  require_command(app);
  for (declared& d : all)
    if (d.app == &app) return std::move(d.work);
  throw usage_error("`" + full_name(app) + "` is not a command" + see_help(root));
}

}  // namespace quartet::cli
