import Document

