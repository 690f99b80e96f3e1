/// One HTML file without outside resources: nothing is loaded, nothing is run.
struct Page {
  var title: String
  var body: Markup

  /// The document, ending in a line break.
  ///
  /// The content security policy forbids what the page does not have anyway, so that not even a mistake
  /// of ours lets text from outside load or run something.
  var text: String {
    let document: Markup = """
      <html lang="en">
      <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>\(title)</title>
      <style>
      \(Markup(trusted: Self.style))</style>
      </head>
      <body>
      \(body)</body>
      </html>

      """
    return "<!DOCTYPE html>\n" + document.text
  }
}
