import Document
