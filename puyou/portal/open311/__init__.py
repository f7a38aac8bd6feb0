"""Open311 GeoReport v2 over reports of the public: services, requests and tokens for other systems."""
