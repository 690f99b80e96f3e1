extension Shell {
  /// The functions that bash and zsh share: they list names from the files of the desired state.
  /// `$__trueup_desired` is its directory.
  static let readers = #"""
    # Values of a member of all manifests: __trueup_members client
    __trueup_members() {
      sed -n 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"\([A-Za-z0-9-]*\)".*/\1/p' \
        "${__trueup_desired:-desired-state}"/clients/*.jsonc 2>/dev/null | sort -u
    }

    # File names without their extension: __trueup_names blueprints
    __trueup_names() {
      ls "${__trueup_desired:-desired-state}/$1" 2>/dev/null | sed -n 's/^\([A-Za-z0-9._-]*\)\.jsonc$/\1/p'
    }
    """#
}
