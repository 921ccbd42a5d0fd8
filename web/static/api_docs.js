// Shows the description of the API with Swagger UI, which is beside this file under vendor/.
const place = document.getElementById("api");

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  // Nothing is sent to other servers: no validator, no badge.
  validatorUrl: null,
});
